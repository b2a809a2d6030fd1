using System.Diagnostics;
using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Many live streams of 20 ms frames through one proxy on one core: when each frame arrives, and whether all do.</summary>
internal sealed class StreamsScenario : IScenario
{
    private const int DefaultRounds = 3;

    private static readonly int[] Counts = [100, 300];
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public string Name => "streams";

    public string Description => "100 and 300 live streams of 20 ms frames through the router, nginx and YARP on one core: delay, losses";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        await using var setup = await GatewaySetup.StartAsync(core: 1, cancellationToken);
        await using var sides = await Sides.StartAsync(setup, core: 0, context.Say, cancellationToken);
        var result = new ScenarioResult(Name);
        foreach (var count in Counts)
        {
            var measured = sides.All.ToDictionary(side => side.Name, _ => new List<Run>());
            var rounds = context.Options.Rounds ?? DefaultRounds;
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var side in sides.All)
                {
                    var run = await MeasureAsync(setup, side, count, cancellationToken);
                    measured[side.Name].Add(run);
                    context.Say($"{count} streams, round {round}/{rounds}, {side.Name}: p50 {run.P50:0.0} ms, p99 {run.P99:0.0} ms, lost {run.Lost}");
                }
            }

            Report(result, count, sides, measured);
        }

        result.Note("Proxies run on core 0; clients and worker, which share a process, on core 1: their own delay shows in \"direct\".");
        return result;
    }

    private static async Task<Run> MeasureAsync(GatewaySetup setup, Side side, int count, CancellationToken cancellationToken)
    {
        var before = side.Process?.ProcessorTime ?? TimeSpan.Zero;
        var sent = await Task.WhenAll(Enumerable.Range(0, count).Select(
            stream => side.Client.StreamAsync(stream, Length, TimeSpan.FromMilliseconds(20.0 * stream / count), cancellationToken)));
        var used = (side.Process?.ProcessorTime ?? TimeSpan.Zero) - before;
        var delays = new List<double>();
        while (setup.Worker.Arrivals.TryRead(out var frame))
        {
            delays.Add(Stopwatch.GetElapsedTime(frame.Sent, frame.Arrived).TotalMilliseconds);
        }

        return new Run(
            Statistics.Median(delays), Statistics.Percentile(delays, 0.99), delays.Max(), sent.Sum() - delays.Count, used.TotalMicroseconds / sent.Sum());
    }

    private static void Report(ScenarioResult result, int count, Sides sides, Dictionary<string, List<Run>> measured)
    {
        var table = result.Table(
            $"{count} streams, 50 frames of 640 bytes a second each", "way", "frame delay p50, ms", "p99, ms", "longest, ms", "lost frames",
            "processor time a frame, µs");
        foreach (var side in sides.All)
        {
            var runs = measured[side.Name];
            table.Add(
                side.Name, Statistics.Median(runs.Select(run => run.P50)), Statistics.Median(runs.Select(run => run.P99)),
                runs.Max(run => run.Longest), runs.Sum(run => run.Lost),
                side.Process is null ? null : Statistics.Median(runs.Select(run => run.ProcessorMicroseconds)));
            result.Measured($"{count} {side.Name} p99 ms", runs.Select(run => run.P99));
        }
    }

    private sealed record Run(double P50, double P99, double Longest, int Lost, double ProcessorMicroseconds);
}
