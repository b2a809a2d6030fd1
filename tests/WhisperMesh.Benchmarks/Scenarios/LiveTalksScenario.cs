using WhisperMesh.Benchmarks.Live;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Talks spoken in real time into a worker: when their words come, and what words they are.</summary>
internal sealed class LiveTalksScenario : IScenario
{
    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(5);
    private static readonly int[] DefaultStreams = [1, 8, 16];

    public string Name => "live-talks";

    public string Description => "talks of 5 minutes or --minutes in real time, --streams (1,8,16) at once: lag, word errors, cost; beside a naive way";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var language = LiveTalks.Language(context);
        var length = context.Options.Length ?? DefaultLength;
        var counts = context.Options.Streams.Count > 0 ? context.Options.Streams : DefaultStreams;
        var result = new ScenarioResult(Name);
        var lags = result.Add(LiveFigures.LagTable("lag, in real time", "streams"));
        var errors = result.Table("word errors in 100 words", "streams", "live", "as files", "difference");
        var health = result.Add(LiveFigures.HealthTable("cost and health", "streams"));
        await using var worker = await WorkerProcess.StartAsync(counts.Max(), cancellationToken);
        await LiveTalks.WarmUpAsync(context, worker, cancellationToken);
        double? median = null;
        foreach (var count in counts)
        {
            context.Say($"{count} streams, {length.TotalMinutes:0.0} minutes");
            var (figures, runs) = await LiveTalks.SpeakAsync(
                context, worker, count, length, static () => new LiveConfig(), static (_, whole) => whole, cancellationToken);
            figures.AddLags(lags, count);
            figures.AddHealth(health, count);
            var asFiles = await LiveTalks.FileErrorRateAsync(worker, runs, language, cancellationToken);
            errors.Add(count, figures.ErrorRate, asFiles, figures.ErrorRate - asFiles);
            result.Measured($"{count} streams, committed lag s, by percentile from 5 to 100", LiveTalks.Percentiles(figures.Committed));
            result.Measured($"{count} streams, seen lag s, by percentile from 5 to 100", LiveTalks.Percentiles(figures.Seen));
            LiveTalks.NoteFailures(result, count, figures);
            median ??= count == 1 ? Statistics.Median(figures.Committed) : null;
        }

        await BesideNaiveAsync(context, worker, result, lags, errors, median, cancellationToken);
        result.Note("Words lie where the engine puts their ends. Lag counts from when the piece of 50 ms that holds that place was due to be sent.");
        return result;
    }

    private static async Task BesideNaiveAsync(
        BenchmarkContext context, WorkerProcess worker, ScenarioResult result, ResultTable lags, ResultTable errors, double? median,
        CancellationToken cancellationToken)
    {
        const string Name = "1, naive";
        var talk = Talk.Make(LiveTalks.Language(context), context.Options.Length ?? DefaultLength, context.Options.Seed);
        context.Say("the naive way, one stream");
        var naive = new NaiveBaseline(worker, LiveTalks.Language(context));
        await naive.RunAsync(talk, cancellationToken);
        naive.AddLags(lags, Name);
        errors.Add(Name, LiveTalks.ErrorRate(talk, naive.Text), null, null);
        var ratio = median is { } own ? $" Its committed lag is {naive.CommittedMedian / own:0.00} times ours at p50." : "";
        result.Note(
            "Naive: what was said since the last pause is transcribed anew every second and stands 0.8 s into the next pause, of which it is told."
            + $" Model time per audio second {naive.DecodingPerSecond(talk):0.000}.{ratio}");
    }
}
