using WhisperMesh.Benchmarks.Live;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>The same talk with each setting of the latency: what delay buys.</summary>
internal sealed class LiveLatencyScenario : IScenario
{
    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(5);
    private static readonly LiveLatency[] Settings = [LiveLatency.Minimal, LiveLatency.Low, LiveLatency.Medium, LiveLatency.High];

    public string Name => "live-latency";

    public string Description => "one talk of 5 minutes or --minutes in real time, with each latency: lag, words that change, word errors";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var length = context.Options.Length ?? DefaultLength;
        var result = new ScenarioResult(Name);
        var lags = result.Add(LiveFigures.LagTable("one stream", "latency"));
        var errors = result.Table("word errors in 100 words", "latency", "live");
        var health = result.Add(LiveFigures.HealthTable("cost and health", "latency"));
        await using var worker = await WorkerProcess.StartAsync(1, cancellationToken);
        await LiveTalks.WarmUpAsync(context, worker, cancellationToken);
        foreach (var latency in Settings)
        {
            var name = latency.ToString().ToLowerInvariant();
            context.Say($"{name}, {length.TotalMinutes:0.0} minutes");
            var (figures, _) = await LiveTalks.SpeakAsync(
                context, worker, 1, length, () => new LiveConfig { Latency = latency }, static (_, whole) => whole, cancellationToken);
            figures.AddLags(lags, name);
            errors.Add(name, figures.ErrorRate);
            figures.AddHealth(health, name);
            LiveTalks.NoteFailures(result, 1, figures);
        }

        return result;
    }
}
