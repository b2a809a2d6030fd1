using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>What the router adds to a short request, in time and in work, beside other proxies and the direct way.</summary>
internal sealed class RelayScenario : IScenario
{
    private const int DefaultRounds = 7;
    private const int Callers = 8;
    private const double LoadShare = 0.3;

    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(6);

    // Of all work: until runtimes have compiled what is called often, on the one core that they have for that as well.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private int _number;

    public string Name => "relay";

    public string Description => "short requests through the router, nginx, haproxy and YARP to a worker without a model: time, work";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        // Of middling length: about five seconds of speech.
        var clip = context.Clips.OrderBy(clip => clip.Duration).ElementAt(context.Clips.Count / 2);
        var audio = await File.ReadAllBytesAsync(clip.Path, cancellationToken);
        await using var setup = await GatewaySetup.StartAsync(core: 1, cancellationToken);
        await using var sides = await Sides.StartAsync(setup, core: 0, context.Say, cancellationToken);
        foreach (var side in sides.All)
        {
            var most = await OpenLoop.MaximumAsync(Callers, WarmUp, token => side.Client.TranscribeAsync(Fresh(audio), token), cancellationToken);
            context.Say($"{side.Name}: {most:0} requests a second at most");
        }

        var maximum = await OpenLoop.MaximumAsync(
            Callers, WarmUp, token => sides.Own.Client.TranscribeAsync(Fresh(audio), token), cancellationToken);
        var rate = LoadShare * maximum;
        var measured = sides.All.ToDictionary(side => side.Name, _ => new List<Load>());
        var rounds = context.Options.Rounds ?? DefaultRounds;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var side in sides.All)
            {
                measured[side.Name].Add(await MeasureAsync(side, audio, rate, cancellationToken));
            }

            context.Say($"round {round}/{rounds}: " + string.Join(", ", sides.All.Select(side => Describe(side.Name, measured[side.Name][^1]))));
        }

        return Report(sides, measured, audio.Length, rate, maximum);
    }

    private async Task<Load> MeasureAsync(Side side, byte[] audio, double rate, CancellationToken cancellationToken)
    {
        var before = side.Process?.ProcessorTime ?? TimeSpan.Zero;
        var latencies = await OpenLoop.RunAsync(rate, RoundLength, token => side.Client.TranscribeAsync(Fresh(audio), token), cancellationToken);
        var used = (side.Process?.ProcessorTime ?? TimeSpan.Zero) - before;
        return new Load(
            1000 * Statistics.Median(latencies), 1000 * Statistics.Percentile(latencies, 0.99), used.TotalMicroseconds / latencies.Count);
    }

    // Never the same twice, so that nothing comes from the router's cache.
    private byte[] Fresh(byte[] audio)
    {
        byte[] fresh = [.. audio];
        BitConverter.TryWriteBytes(fresh.AsSpan(^sizeof(int)..), Interlocked.Increment(ref _number));
        return fresh;
    }

    private static string Describe(string name, Load load) =>
        $"{name} p50 {load.MedianMilliseconds:0.00} ms, p99 {load.P99Milliseconds:0.0} ms, {load.ProcessorMicroseconds:0} µs";

    private ScenarioResult Report(Sides sides, Dictionary<string, List<Load>> measured, int bytes, double rate, double maximum)
    {
        var result = new ScenarioResult(Name);
        var direct = measured[Side.Direct];
        var table = result.Table(
            $"{bytes} bytes of audio, {rate:0} requests a second, 30 % of the router's {maximum:0}", "way", "p50, ms", "p99, ms",
            "added p50, ms", "added p99, ms", "processor time a request, µs", "÷ nginx", "low", "high");
        foreach (var side in sides.All)
        {
            var loads = measured[side.Name];
            double[] work = [.. loads.Select(load => load.ProcessorMicroseconds)];
            var ratio = side.Process is not null && measured.TryGetValue("nginx", out var nginx)
                ? Ratio.Of(work, [.. nginx.Select(load => load.ProcessorMicroseconds)])
                : null;
            table.Add(
                side.Name, Statistics.Median(loads.Select(load => load.MedianMilliseconds)),
                Statistics.Median(loads.Select(load => load.P99Milliseconds)),
                Statistics.Median(loads.Zip(direct, (load, one) => load.MedianMilliseconds - one.MedianMilliseconds)),
                Statistics.Median(loads.Zip(direct, (load, one) => load.P99Milliseconds - one.P99Milliseconds)),
                side.Process is null ? null : Statistics.Median(work), ratio?.Median, ratio?.Low, ratio?.High);
            result.Measured($"{side.Name} p50 ms", loads.Select(load => load.MedianMilliseconds));
            result.Measured($"{side.Name} p99 ms", loads.Select(load => load.P99Milliseconds));
            result.Measured($"{side.Name} µs a request", work);
        }

        result.Note("Proxies run on core 0; client and worker, which share a process, on core 1.");
        return result;
    }

    private sealed record Load(double MedianMilliseconds, double P99Milliseconds, double ProcessorMicroseconds);
}
