using WhisperMesh.Benchmarks.Live;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>More streams than the machine serves well, of which half stop in the middle: lag grows, is told, and comes back.</summary>
internal sealed class LiveOverloadScenario : IScenario
{
    private const int DefaultStreams = 16;
    private const double WindowSeconds = 15;

    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(5);

    public string Name => "live-overload";

    public string Description => "--streams (16) in real time for 5 minutes or --minutes, of which half stop in the middle: lag before and after";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var count = context.Options.Streams.Count > 0 ? context.Options.Streams.Max() : DefaultStreams;
        var length = context.Options.Length ?? DefaultLength;
        var result = new ScenarioResult(Name);
        await using var worker = await WorkerProcess.StartAsync(count, cancellationToken);
        await LiveTalks.WarmUpAsync(context, worker, cancellationToken);
        context.Say($"{count} streams, {length.TotalMinutes:0.0} minutes, half of them half as long");
        var (figures, runs) = await LiveTalks.SpeakAsync(
            context, worker, count, length, static () => new LiveConfig(), (stream, whole) => stream % 2 == 0 ? whole : length / 2,
            cancellationToken);
        var health = result.Add(LiveFigures.HealthTable("cost and health", "streams"));
        figures.AddHealth(health, count);
        AddTimeline(result, runs, length);
        LiveTalks.NoteFailures(result, count, figures);
        return result;
    }

    private static void AddTimeline(ScenarioResult result, IReadOnlyList<LiveRun> runs, TimeSpan length)
    {
        var table = result.Table(
            $"words by when they were spoken; half of the streams stop at {length.TotalSeconds / 2:0} s",
            "from, s", "words", "committed lag p50, s", "p95, s", "streams told busy");
        var words = runs.SelectMany(run => WordTimes.Of(run).Words).ToLookup(word => (int)(word.End.TotalSeconds / WindowSeconds));
        for (var window = 0; window * WindowSeconds < length.TotalSeconds; window++)
        {
            double[] lags = [.. words[window].Select(word => word.Committed.TotalSeconds)];
            table.Add(
                window * WindowSeconds, lags.Length, lags.Length == 0 ? null : Statistics.Percentile(lags, 0.5),
                lags.Length == 0 ? null : Statistics.Percentile(lags, 0.95), runs.Count(run => WasBusy(run, window)));
        }
    }

    /// <summary>Whether the last that a stream was told in a stretch of time, or before, is that the worker is busy.</summary>
    private static bool WasBusy(LiveRun run, int window)
    {
        var until = TimeSpan.FromSeconds((window + 1) * WindowSeconds);
        var last = run.Events.LastOrDefault(moment => moment.Message.Status is not null && run.Lag(TimeSpan.Zero, moment) < until).Message;
        return last?.Status.Load == LiveLoad.Busy && run.Lag(TimeSpan.Zero, run.Events[^1]) > until - TimeSpan.FromSeconds(WindowSeconds);
    }
}
