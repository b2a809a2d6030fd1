using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>What a router's telemetry costs: the processor time of short requests without any, with metrics, and with all traces sent.</summary>
internal sealed class TelemetryScenario : IScenario
{
    private const int DefaultRounds = 9;
    private const int Callers = 8;

    // A router that idles for most of the time mostly wakes up and goes to sleep, and that differs from run to run.
    private const double LoadShare = 0.5;

    private const string Off = "off";
    private const string Metrics = "metrics";
    private const string All = "metrics, traces, logs";

    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(6);

    // On one core the runtime compiles what is used often beside serving, for longer than a second or two.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    // Longer than spans wait for their batch: the work that a round leaves behind is counted with it.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    private int _number;

    public string Name => "telemetry";

    public string Description => "short requests through routers without telemetry, with metrics, and with all traces sent: processor time";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var clip = context.Clips.OrderBy(clip => clip.Duration).ElementAt(context.Clips.Count / 2);
        var audio = await File.ReadAllBytesAsync(clip.Path, cancellationToken);
        await using var setup = await GatewaySetup.StartAsync(core: 1, cancellationToken);
        await using var sink = await OtlpSink.StartAsync(cancellationToken);
        await using var routers = new MeasuredRouters();
        await routers.StartAsync(setup, Off, Environment(metrics: false, otlp: null), cancellationToken);
        await routers.StartAsync(setup, Metrics, Environment(metrics: true, otlp: null), cancellationToken);
        await routers.StartAsync(setup, All, Environment(metrics: true, sink.Address), cancellationToken);
        var maximum = 0.0;
        foreach (var router in routers.All)
        {
            maximum = await OpenLoop.MaximumAsync(
                Callers, WarmUp, token => router.Client.TranscribeAsync(Fresh(audio), token), cancellationToken);
            context.Say($"{router.Name}: {maximum:0} requests a second at most");
        }

        var rate = LoadShare * maximum;
        var rounds = context.Options.Rounds ?? DefaultRounds;
        var measured = routers.All.ToDictionary(router => router.Name, _ => new List<Load>());
        for (var round = 0; round < rounds; round++)
        {
            // Each is the first as often as any other.
            foreach (var router in routers.All.Skip(round % routers.All.Count).Concat(routers.All.Take(round % routers.All.Count)))
            {
                measured[router.Name].Add(await MeasureAsync(router, sink, audio, rate, cancellationToken));
            }

            context.Say($"round {round + 1}/{rounds}: " + string.Join(
                ", ", routers.All.Select(router => $"{router.Name} {measured[router.Name][^1].Microseconds:0} µs")));
        }

        return Report(measured, audio.Length, rate);
    }

    private async Task<Load> MeasureAsync(
        MeasuredRouter router, OtlpSink sink, byte[] audio, double rate, CancellationToken cancellationToken)
    {
        var (before, spans) = (router.Process.ProcessorTime, sink.Spans);
        var latencies = await OpenLoop.RunAsync(rate, RoundLength, token => router.Client.TranscribeAsync(Fresh(audio), token), cancellationToken);
        if (router.Name != Off)
        {
            // Prometheus comes less often.
            await router.ScrapeAsync(cancellationToken);
        }

        await Task.Delay(Settling, cancellationToken);
        var used = router.Process.ProcessorTime - before;
        return new Load(
            used.TotalMicroseconds / latencies.Count, 1000 * Statistics.Median(latencies), (sink.Spans - spans) / (double)latencies.Count);
    }

    // Never the same twice, so that nothing comes from the router's cache.
    private byte[] Fresh(byte[] audio)
    {
        byte[] fresh = [.. audio];
        BitConverter.TryWriteBytes(fresh.AsSpan(^sizeof(int)..), Interlocked.Increment(ref _number));
        return fresh;
    }

    private static Dictionary<string, string> Environment(bool metrics, Uri? otlp)
    {
        var environment = new Dictionary<string, string> { ["Telemetry__Metrics"] = metrics ? "true" : "false" };
        if (otlp is not null)
        {
            // As the AppHost has it.
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp.ToString();
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            environment["OTEL_TRACES_SAMPLER"] = "always_on";
        }

        return environment;
    }

    private ScenarioResult Report(Dictionary<string, List<Load>> measured, int bytes, double rate)
    {
        var result = new ScenarioResult(Name);
        var table = result.Table(
            $"{bytes} bytes of audio, {rate:0} requests a second", "telemetry", "processor time a request, µs", "÷ off", "low", "high",
            "aim", "p50, ms", "spans a request");
        double[] off = [.. measured[Off].Select(load => load.Microseconds)];
        foreach (var (name, loads) in measured)
        {
            double[] work = [.. loads.Select(load => load.Microseconds)];
            var ratio = name == Off ? null : Ratio.Of(work, off);
            table.Add(
                name, Statistics.Median(work), ratio?.Median, ratio?.Low, ratio?.High, AimOf(name),
                Statistics.Median(loads.Select(load => load.MedianMilliseconds)), Statistics.Median(loads.Select(load => load.Spans)));
            result.Measured($"{name} µs a request", work);
        }

        result.Note("Routers run on core 0; client, worker and the receiver of telemetry, which share a process, on core 1.");
        return result;
    }

    private static double? AimOf(string name) => name switch
    {
        Metrics => 1.05,
        All => 1.15,
        _ => null,
    };

    private sealed record Load(double Microseconds, double MedianMilliseconds, double Spans);
}
