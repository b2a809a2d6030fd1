using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Someone waits for a short prompt while a long file is worked on.</summary>
internal sealed class BesideScenario : IScenario
{
    private const int DefaultRounds = 5;
    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ClipLength = TimeSpan.FromSeconds(5);

    public string Name => "beside";

    public string Description => "a clip of 5 s again and again, alone and beside a file of 10 minutes or --minutes: waiting times";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var file = LongClip.Make(context.TemporaryFile("beside.wav"), options.Length ?? DefaultLength, ["en"], options.Seed);
        var clip = Recordings.In(["en"]).MinBy(clip => (clip.Duration - ClipLength).Duration())!;
        using var own = context.LoadEngine();
        Waits[] all = [.. ((IEnumerable<IEngine>)[own, .. context.Rivals]).Select(engine => new Waits(engine, [], [], []))];
        await context.WarmUpAsync(all.Select(waits => waits.Engine), cancellationToken);
        var rounds = options.Rounds ?? DefaultRounds;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var waits in all)
            {
                await MeasureAsync(waits, clip, file, cancellationToken);
                context.Say(
                    $"round {round}/{rounds}: {waits.Engine.Name} {waits.Beside.Count} clips beside the file so far, " +
                    $"which took {waits.File[^1]:0.0} s");
            }
        }
        return Report($"a clip of {clip.Duration.TotalSeconds:0.0} s beside a file of {file.Duration.TotalMinutes:0.0} minutes", all);
    }

    private static async Task MeasureAsync(Waits waits, Clip clip, Clip file, CancellationToken cancellationToken)
    {
        var caller = new PatientCaller(waits.Engine, clip);
        waits.Alone.AddRange(await caller.AloneAsync(cancellationToken));
        var (beside, fileSeconds) = await caller.BesideAsync(file, cancellationToken);
        waits.Beside.AddRange(beside);
        waits.File.Add(fileSeconds);
    }

    private ScenarioResult Report(string title, Waits[] all)
    {
        var result = new ScenarioResult(Name);
        var table = result.Table(
            title, "engine", "alone p50, s", "alone p95, s", "beside p50, s", "beside p95, s", "p50 ratio", "p95 ratio",
            $"beside p95 ÷ {all[0].Engine.Name}", "clips beside", "file, s");
        var ownBeside95 = Statistics.Percentile(all[0].Beside, 0.95);
        foreach (var waits in all)
        {
            result.Measured($"{waits.Engine.Name} alone seconds", waits.Alone);
            result.Measured($"{waits.Engine.Name} beside seconds", waits.Beside);
            result.Measured($"{waits.Engine.Name} file seconds", waits.File);
            var (alone50, alone95) = (Statistics.Median(waits.Alone), Statistics.Percentile(waits.Alone, 0.95));
            var (beside50, beside95) = (Statistics.Median(waits.Beside), Statistics.Percentile(waits.Beside, 0.95));
            table.Add(
                waits.Engine.Name, alone50, alone95, beside50, beside95, beside50 / alone50, beside95 / alone95,
                waits == all[0] ? null : beside95 / ownBeside95, waits.Beside.Count, Statistics.Median(waits.File));
        }
        return result;
    }

    private sealed record Waits(IEngine Engine, List<double> Alone, List<double> Beside, List<double> File);
}
