using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Several callers with short prompts at once, against the same prompts one after another.</summary>
internal sealed class CallersScenario : IScenario
{
    private const int DefaultRounds = 5;

    public string Name => "callers";

    public string Description => "eight callers or --callers at once against one after another: throughput, memory";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        using var own = context.LoadEngine();
        Sides[] all = [.. ((IEnumerable<IEngine>)[own, .. context.Rivals]).Select(engine => new Sides(engine, [], []))];
        await context.WarmUpAsync(all.Select(sides => sides.Engine), cancellationToken);
        var rounds = context.Options.Rounds ?? DefaultRounds;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var sides in all)
            {
                await MeasureAsync(context, sides, cancellationToken);
                context.Say(
                    $"round {round}/{rounds}: {sides.Engine.Name} one after another {sides.Serial[^1].Elapsed.TotalSeconds:0.00} s, " +
                    $"at once {sides.AtOnce[^1].Elapsed.TotalSeconds:0.00} s");
            }
        }
        return Report(context, all);
    }

    private static async Task MeasureAsync(BenchmarkContext context, Sides sides, CancellationToken cancellationToken)
    {
        sides.Serial.Add(await Pass.SerialAsync(sides.Engine, context.Clips, cancellationToken));
        sides.AtOnce.Add(await Pass.AtOnceAsync(sides.Engine, context.Clips, context.Options.Callers, cancellationToken));
    }

    private ScenarioResult Report(BenchmarkContext context, Sides[] all)
    {
        var result = new ScenarioResult(Name);
        var own = all[0];
        var table = result.Table(
            $"{context.Clips.Count} clips, {context.Options.Callers} callers at once", "engine", "one after another, s", "at once, s",
            "throughput ratio", "low", "high", $"at once ÷ {own.Engine.Name}", "at once p50, s", "p95, s", "texts that differ");
        foreach (var sides in all)
        {
            double[] serial = [.. Seconds(sides.Serial)];
            double[] atOnce = [.. Seconds(sides.AtOnce)];
            result.Measured($"{sides.Engine.Name} one after another seconds", serial);
            result.Measured($"{sides.Engine.Name} at once seconds", atOnce);
            var ratio = Ratio.Of(serial, atOnce);
            double[] waits = [.. sides.AtOnce.SelectMany(pass => pass.Answers).Select(answer => answer.Elapsed.TotalSeconds)];
            table.Add(
                sides.Engine.Name, Statistics.Median(serial), Statistics.Median(atOnce), ratio.Median, ratio.Low, ratio.High,
                sides == own ? null : Ratio.Of(atOnce, [.. Seconds(own.AtOnce)]).Median,
                Statistics.Median(waits), Statistics.Percentile(waits, 0.95), Differing(sides));
        }
        // One caller's peak is that of the first pass: what several need stays with the process.
        CallerMemory.Report(result, context, own.Serial[0], own.AtOnce);
        return result;
    }

    private static IEnumerable<double> Seconds(List<Pass> passes) => passes.Select(pass => pass.Elapsed.TotalSeconds);

    private static int Differing(Sides sides) =>
        sides.Serial[0].Answers.Zip(sides.AtOnce[0].Answers).Count(pair => pair.First.Text != pair.Second.Text);

    private sealed record Sides(IEngine Engine, List<Pass> Serial, List<Pass> AtOnce);
}
