using WhisperMesh.Benchmarks.Live;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>What the scenarios of live streams share.</summary>
internal static class LiveTalks
{
    // Speakers do not begin together.
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static string Language(BenchmarkContext context) => context.Options.Languages switch
    {
        [] => "en",
        [var one] => one,
        _ => throw new BenchmarkException("A live talk has one language."),
    };

    /// <summary>Speaks talks of their own into so many streams.</summary>
    /// <param name="context">The run.</param>
    /// <param name="worker">Who listens.</param>
    /// <param name="count">How many.</param>
    /// <param name="length">How long each talk is.</param>
    /// <param name="configure">How they are to be heard, without language and format.</param>
    /// <param name="stopAfter">How much of its talk a stream speaks, by its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(LiveFigures Figures, IReadOnlyList<LiveRun> Runs)> SpeakAsync(
        BenchmarkContext context, WorkerProcess worker, int count, TimeSpan length, Func<LiveConfig> configure,
        Func<int, TimeSpan, TimeSpan> stopAfter, CancellationToken cancellationToken)
    {
        var language = Language(context);
        var before = worker.Process.ProcessorTime;
        Talk[] talks = [.. Enumerable.Range(0, count).Select(stream => Talk.Make(language, length, context.Options.Seed + stream))];
        var runs = await Task.WhenAll(talks.Select((talk, stream) =>
        {
            var config = configure();
            config.LanguageCode = language;
            return LiveSpeaker.SpeakAsync(
                worker, talk, config, Apart * stream / count, stopAfter(stream, talk.Duration), cancellationToken);
        }));
        return (new LiveFigures(runs, worker.Process.ProcessorTime - before), runs);
    }

    /// <summary>Lets the worker's runtime compile what live streams and files need.</summary>
    public static async Task WarmUpAsync(BenchmarkContext context, WorkerProcess worker, CancellationToken cancellationToken)
    {
        context.Say("warming up");
        var (_, runs) = await SpeakAsync(context, worker, 2, WarmUp, static () => new LiveConfig(), static (_, whole) => whole, cancellationToken);
        await FileErrorRateAsync(worker, runs, Language(context), cancellationToken);
    }

    /// <summary>Word errors of the same audio, transcribed as files.</summary>
    public static async Task<double> FileErrorRateAsync(
        WorkerProcess worker, IReadOnlyList<LiveRun> runs, string language, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<LiveRun, string>();
        foreach (var run in runs)
        {
            var answer = await worker.TranscribeAsync(run.Talk.Audio[..run.Bytes], language, RequestClass.Interactive, cancellationToken);
            texts[run] = answer.Text;
        }

        return LiveFigures.Rate(runs, run => texts[run]);
    }

    public static double ErrorRate(Talk talk, string heard) =>
        100.0 * WordErrorRate.Errors(talk.Text, heard) / WordErrorRate.Words(talk.Text).Length;

    /// <summary>The values' percentiles in steps of 5.</summary>
    public static IEnumerable<double> Percentiles(IReadOnlyList<double> values) =>
        values.Count == 0 ? [] : Enumerable.Range(1, 20).Select(step => Statistics.Percentile(values, step / 20.0));

    public static void NoteFailures(ScenarioResult result, int count, LiveFigures figures)
    {
        foreach (var failure in figures.Failures)
        {
            result.Note($"{count} streams: {failure}");
        }
    }
}
