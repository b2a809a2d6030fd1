using WhisperMesh.Testing;
using WhisperMesh.Whisper.Live;
using WhisperMesh.Whisper.Tests.Transcribing;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>What a live stream gave.</summary>
internal sealed record LiveRun(IReadOnlyList<LiveEvent> Events)
{
    public static readonly LiveOptions ByAudio = new()
    {
        Request = new TranscriptionRequest { Language = "en" },
        Latency = LiveLatency.Medium,
        PassesByAudio = true,
    };

    /// <summary>Bounds what a test waits for.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    public IEnumerable<UtteranceEnded> Finals => Events.OfType<UtteranceEnded>();

    public IReadOnlyList<LiveWord> Told => [.. Events.OfType<WordsHeard>().SelectMany(heard => heard.Words)];

    public string Text => string.Concat(Finals.Select(final => final.Segment.Text));

    public LiveCompleted Completed => Events[^1].ShouldBeOfType<LiveCompleted>();

    /// <summary>Feeds samples in blocks that <paramref name="block"/> gives the lengths of, and reads to the end.</summary>
    public static Task<LiveRun> OfAsync(ModelFixture fixture, LiveOptions options, float[] samples, Func<int>? block = null) =>
        OfAsync(fixture, options, async live =>
        {
            for (var at = 0; at < samples.Length;)
            {
                var count = Math.Min(block?.Invoke() ?? 1_600, samples.Length - at);
                await live.HearAsync(samples.AsMemory(at, count), TestContext.Current.CancellationToken);
                at += count;
            }
        });

    /// <summary>Runs a stream that is fed by <paramref name="feed"/>, and reads to the end.</summary>
    public static async Task<LiveRun> OfAsync(ModelFixture fixture, LiveOptions options, Func<ILiveTranscription, Task> feed)
    {
        await using var live = new Transcriber(fixture.Model, fixture.Vad).Live(options);
        var feeding = Task.Run(
            async () =>
            {
                await feed(live);
                await live.CompleteAsync(TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);
        var run = new LiveRun(await live.ReadAsync(TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Bound, TestContext.Current.CancellationToken));
        await feeding.WaitAsync(Bound, TestContext.Current.CancellationToken);
        run.Log();
        run.ShouldHoldTogether(options);
        return run;
    }

    /// <summary>English recordings with pauses of a second between them.</summary>
    public static Splice Talk(int count, int skip = 0, int pause = 16_000) =>
        Splice.Of(Repository.Recordings.Where(recording => recording.Language == "en").Skip(skip).Take(count), pause);

    public static int Errors(Splice talk, string text) =>
        WordErrorRate.Errors(string.Join(' ', talk.Recordings.Select(recording => recording.Text)), text);

    private void Log()
    {
        foreach (var happened in Events)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(happened switch
            {
                WordsHeard heard => $"{heard.Received.TotalSeconds:F2} [{string.Concat(heard.Words.Select(word => word.Text))}] {heard.Tentative}",
                UtteranceEnded ended => $"{ended.Received.TotalSeconds:F2} {ended.Reason} {ended.Segment.Language}:{ended.Segment.Text}",
                _ => happened.ToString(),
            });
        }
    }

    /// <summary>What holds of every stream.</summary>
    private void ShouldHoldTogether(LiveOptions options)
    {
        Events.ShouldAllBe(happened => happened.Committed <= happened.Received);
        Events.Zip(Events.Skip(1)).ShouldAllBe(pair => pair.First.Committed <= pair.Second.Committed && pair.First.Received <= pair.Second.Received);
        Finals.Select(final => final.Segment.Index).ShouldBe(
            Enumerable.Range(options.Resume?.Checkpoint.Utterances ?? 0, Finals.Count()));
        IReadOnlyList<LiveWord> all = [.. options.Resume?.Words ?? [], .. Told];
        Finals.SelectMany(final => final.Segment.Words!).Select(word => (word.Text, word.Start, word.Duration, word.Probability))
            .ShouldBe(all.Select(word => (word.Text, word.Start, word.Duration, word.Probability)));
        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Start + pair.First.Duration <= pair.Second.Start);
        Finals.ShouldAllBe(final => final.Segment.Text == string.Concat(final.Segment.Words!.Select(word => word.Text)));
        Finals.ShouldAllBe(final => final.Segment.Tokens.Count == final.Segment.LogProbabilities.Count);
    }
}
