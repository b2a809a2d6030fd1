using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>
/// The same clips one after another through several engines, which take turns pass by pass. The first engine is the baseline.
/// </summary>
internal sealed class SerialComparison(BenchmarkContext context, IReadOnlyList<IEngine> engines, IReadOnlyList<Clip> clips)
{
    private readonly List<Pass>[] _passes = [.. engines.Select(_ => new List<Pass>())];

    private double AudioSeconds => clips.Sum(clip => clip.Duration.TotalSeconds);

    public async Task<ScenarioResult> RunAsync(string scenario, int rounds, CancellationToken cancellationToken)
    {
        await context.WarmUpAsync(engines, cancellationToken);
        for (var round = 1; round <= rounds; round++)
        {
            for (var side = 0; side < engines.Count; side++)
            {
                var pass = await Pass.SerialAsync(engines[side], clips, cancellationToken);
                _passes[side].Add(pass);
                context.Say($"round {round}/{rounds}: {engines[side].Name} {pass.Elapsed.TotalSeconds:0.00} s");
            }
        }
        return Report(scenario);
    }

    private ScenarioResult Report(string scenario)
    {
        var result = new ScenarioResult(scenario);
        ReportSpeed(result);
        AccuracyTables.Add(result, clips, [.. engines.Select((engine, side) => (engine.Name, _passes[side][0].Answers))]);
        foreach (var (name, passes) in engines.Select((engine, side) => (engine.Name, _passes[side])))
        {
            // The pass whose time is the median, so that parts and whole belong together.
            if (passes.OrderBy(pass => pass.Elapsed).ElementAt(passes.Count / 2) is { Work: { } work } median)
            {
                result.Add(TimeSplit.Of(median, work).ToTable($"where the time of {name} went"));
                result.Add(work.ToTable($"what {name} did"));
            }
            var unsteady = passes.Count(pass => !Texts(pass).SequenceEqual(Texts(passes[0])));
            if (unsteady > 0)
            {
                result.Note($"{name} wrote other texts in {unsteady} of {passes.Count} rounds than in the first.");
            }
        }
        return result;
    }

    private void ReportSpeed(ScenarioResult result)
    {
        var table = result.Table(
            $"{clips.Count} clips, {AudioSeconds:0} s of audio, {_passes[0].Count} rounds", "engine", "seconds", "real-time factor",
            "× real time", $"time ÷ {engines[0].Name}", "low", "high", "CPU s per audio s", "peak MB");
        for (var side = 0; side < engines.Count; side++)
        {
            double[] seconds = [.. Seconds(side)];
            result.Measured($"{engines[side].Name} seconds", seconds);
            var median = Statistics.Median(seconds);
            var ratio = side == 0 ? null : Ratio.Of(seconds, [.. Seconds(0)]);
            var own = _passes[side][0].Answers[0].Report is not null;
            table.Add(
                engines[side].Name, median, median / AudioSeconds, AudioSeconds / median, ratio?.Median, ratio?.Low, ratio?.High,
                own ? Statistics.Median(_passes[side].Select(pass => pass.Processor.TotalSeconds)) / AudioSeconds : null,
                own ? _passes[side].Max(pass => pass.PeakMegabytes) : null);
        }
    }

    private IEnumerable<double> Seconds(int side) => _passes[side].Select(pass => pass.Elapsed.TotalSeconds);

    private static IEnumerable<string> Texts(Pass pass) => pass.Answers.Select(answer => answer.Text);
}
