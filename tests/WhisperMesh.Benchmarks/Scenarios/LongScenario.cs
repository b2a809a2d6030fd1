using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>One long file, spliced of the recordings.</summary>
internal sealed class LongScenario : IScenario
{
    private const int DefaultRounds = 3;
    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(30);

    public string Name => "long";

    public string Description => "a file of 30 minutes or --minutes, in English or blocks of --languages: speed, word errors, memory";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        IReadOnlyList<string> languages = options.Languages.Count == 0 ? ["en"] : options.Languages;
        var clip = LongClip.Make(context.TemporaryFile("long.wav"), options.Length ?? DefaultLength, languages, options.Seed);
        using var own = context.LoadEngine();
        IReadOnlyList<IEngine> engines = [own, .. context.Rivals];
        return await new SerialComparison(context, engines, [clip])
            .RunAsync(Name, options.Rounds ?? DefaultRounds, cancellationToken);
    }
}
