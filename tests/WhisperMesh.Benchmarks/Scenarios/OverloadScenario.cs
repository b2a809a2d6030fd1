using System.Collections.Concurrent;
using Grpc.Core;
using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Gateway.Peers;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>More requests than the worker can serve, whatever becomes of those before: how many are still answered in time.</summary>
internal sealed class OverloadScenario : IScenario
{
    private const int DefaultRounds = 3;
    private const int AudioBytes = 3200;

    private static readonly double[] Loads = [0.5, 1, 2, 3];
    private static readonly StandInPace Pace = new(16, TimeSpan.FromMilliseconds(200));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private int _number;

    public string Name => "overload";

    public string Description => "a worker of 16 places and 200 ms a request, asked for up to three times what it can do: requests answered in time";

    private static double Capacity => Pace.Places / Pace.ServiceTime.TotalSeconds;

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        await using var setup = await GatewaySetup.StartAsync(core: null, cancellationToken, Pace);
        var port = ProxyProcess.FreePort();
        var proxy = new RouterProxy();
        await using var router = await proxy.StartAsync(setup, port, core: null, cancellationToken);
        using var client = new GatewayClient(new Uri($"http://127.0.0.1:{port}"), proxy.Key);
        await WarmUpAsync(client, cancellationToken);
        var rounds = context.Options.Rounds ?? DefaultRounds;
        var measured = Loads.ToDictionary(load => load, _ => new List<Run>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var load in Loads)
            {
                var run = await MeasureAsync(client, load, cancellationToken);
                measured[load].Add(run);
                context.Say($"round {round}/{rounds}, {load} times capacity: {run.Goodput:0.0} a second in time; {run.Refusals}");
            }
        }

        return Report(measured, rounds);
    }

    private ScenarioResult Report(Dictionary<double, List<Run>> measured, int rounds)
    {
        var result = new ScenarioResult(Name);
        var peaks = Enumerable.Range(0, rounds).Select(round => measured.Values.Max(runs => runs[round].Goodput)).ToList();
        var table = result.Table(
            $"capacity {Capacity:0} requests a second, deadline {Patience.TotalSeconds:0} s",
            "load ÷ capacity", "answered in time a second", "÷ peak", "low", "high", "latency p50, ms", "p99, ms", "refused after p50, ms");
        foreach (var (load, runs) in measured)
        {
            var ratio = Ratio.Of([.. runs.Select(run => run.Goodput)], peaks);
            table.Add(
                load, Statistics.Median(runs.Select(run => run.Goodput)), ratio.Median, ratio.Low, ratio.High,
                Statistics.Median(runs.Select(run => run.P50)), Statistics.Median(runs.Select(run => run.P99)),
                Statistics.Median(runs.Select(run => run.RefusedP50)));
            result.Measured($"{load} times: in time a second", runs.Select(run => run.Goodput));
        }

        result.Note("Peak: the best of the loads in the same round. Latencies are of the requests that were answered in time.");
        return result;
    }

    private async Task<Run> MeasureAsync(GatewayClient client, double load, CancellationToken cancellationToken)
    {
        var (served, refused) = (new ConcurrentBag<double>(), new ConcurrentBag<(StatusCode Status, double Seconds)>());
        await OpenLoop.RunAsync(load * Capacity, Length, token => CallAsync(client, served, refused, token), cancellationToken);
        var milliseconds = served.Select(seconds => seconds * 1000).DefaultIfEmpty(double.NaN).ToList();
        return new Run(
            served.Count / Length.TotalSeconds,
            Statistics.Median(milliseconds),
            Statistics.Percentile(milliseconds, 0.99),
            Statistics.Median(refused.Select(entry => entry.Seconds * 1000).DefaultIfEmpty(double.NaN)),
            string.Join(", ", refused.GroupBy(entry => entry.Status).Select(group => $"{group.Count()} {group.Key}")));
    }

    private async Task CallAsync(
        GatewayClient client, ConcurrentBag<double> served, ConcurrentBag<(StatusCode Status, double Seconds)> refused, CancellationToken cancellationToken)
    {
        // Never the same twice, so that nothing comes from a cache.
        var audio = new byte[AudioBytes];
        BitConverter.TryWriteBytes(audio, Interlocked.Increment(ref _number));
        var begin = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            await client.TranscribeAsync(audio, cancellationToken, TimeProvider.System.GetUtcNow().UtcDateTime + Patience);
            served.Add(System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            refused.Add((exception.StatusCode, System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds));
        }
    }

    // Until the worker's lease has arrived, and the runtime has compiled.
    private async Task WarmUpAsync(GatewayClient client, CancellationToken cancellationToken)
    {
        for (var good = 0; good < 50;)
        {
            var (served, refused) = (new ConcurrentBag<double>(), new ConcurrentBag<(StatusCode Status, double Seconds)>());
            await CallAsync(client, served, refused, cancellationToken);
            good += served.Count;
            if (served.IsEmpty)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    private sealed record Run(double Goodput, double P50, double P99, double RefusedP50, string Refusals);
}
