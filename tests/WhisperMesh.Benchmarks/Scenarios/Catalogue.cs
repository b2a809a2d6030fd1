namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>All scenarios, by name.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new SameScenario(),
        new ShortScenario(),
        new LongScenario(),
        new CallersScenario(),
        new BesideScenario(),
        new SilenceScenario(),
        new WordsScenario(),
        new LeakScenario(),
        new StepScenario(),
        new RelayScenario(),
        new TelemetryScenario(),
        new UploadScenario(),
        new CacheScenario(),
        new StreamsScenario(),
        new EndlessScenario(),
        new OverloadScenario(),
        new LiveTalksScenario(),
        new LiveLatencyScenario(),
        new LiveOverloadScenario(),
        new LiveEnduranceScenario(),
        new SweepScenario("threads", "how many threads a run should have", ThreadCounts()),
        new SweepScenario("rows", "how many rows a decoder step should have", ["Rows=16,32,64"]),
        new SweepScenario("windows", "how long a window should be", ["WindowSeconds=8,13,18,23,28"]),
        new SweepScenario("sweep", "any settings of the model against its defaults: --set NAME=VALUE,VALUE", []),
    ];

    public static IScenario Find(string name) => All.First(scenario => scenario.Name == name);

    private static string[] ThreadCounts() => [$"Threads={string.Join(',', Enumerable.Range(1, Environment.ProcessorCount))}"];
}
