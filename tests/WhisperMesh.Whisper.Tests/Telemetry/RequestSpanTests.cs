using System.Diagnostics;
using WhisperMesh.Whisper.Telemetry;
using WhisperMesh.Whisper.Tests.Transcribing;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Tests.Telemetry;

public sealed class RequestSpanTests(ModelFixture fixture)
{
    private static readonly string[] Stages = ["features", "encoder", "language detection", "prefill", "decoder", "alignment"];

    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeAsync_Traced_HasASpanForEachWindowAndItsStages()
    {
        using var spans = new SpanListener();

        var events = await _transcriber.EventsAsync(Repository.Named("en-sorry").Samples(), new TranscriptionRequest { WordTimestamps = true });

        spans.Under(spans.Root).Select(span => span.OperationName).ShouldBe(["window", "post-processing"]);
        var window = spans.Under(spans.Root, "window").Single();
        spans.Under(window).Select(span => span.OperationName).ShouldBe(Stages);
        foreach (var stage in spans.Under(window))
        {
            stage.StartTimeUtc.ShouldBeGreaterThanOrEqualTo(window.StartTimeUtc);
            (stage.StartTimeUtc + stage.Duration).ShouldBeLessThanOrEqualTo(window.StartTimeUtc + window.Duration);
        }

        var work = events[^1].ShouldBeOfType<Completed>().Work;
        var decoder = spans.Under(window, "decoder").Single();
        decoder.GetTagItem("whispermesh.decoder.tokens").ShouldBe((int)work.Tokens);
        decoder.GetTagItem("whispermesh.decoder.steps").ShouldBeOfType<int>().ShouldBeInRange(2, (int)work.Steps);
        window.GetTagItem("whispermesh.language").ShouldBe("en");
    }

    [Fact]
    public async Task TranscribeAsync_Traced_SumsUpWhatItTook()
    {
        var events = await _transcriber.EventsAsync(Repository.Named("en-sorry").Samples(), new TranscriptionRequest { WordTimestamps = true });

        var completed = events[^1].ShouldBeOfType<Completed>();
        completed.Work.Windows.ShouldBe(1);
        completed.Work.Tokens.ShouldBeGreaterThanOrEqualTo(Transcripts.Segments(events).Sum(segment => segment.Tokens.Count));
        completed.Work.Fallbacks.ShouldBe(0);
        // A step reads each token, and one each what tells the language, the rest of the prompt, and the text once more.
        completed.Work.Steps.ShouldBe(completed.Work.Tokens + 3);
        completed.Work.MeanRows.ShouldBeGreaterThanOrEqualTo(1);
        var timings = completed.Timings;
        new[] { timings.Prefill, timings.LanguageDetection, timings.Alignment }.ShouldAllBe(part => part > TimeSpan.Zero);
        (timings.Prefill + timings.LanguageDetection).ShouldBeLessThan(timings.Decoding);
    }

    [Fact]
    public async Task DetectLanguageAsync_Traced_IsAWindowWithoutText()
    {
        using var spans = new SpanListener();
        var samples = AsyncEnumerable.Repeat<ReadOnlyMemory<float>>(Repository.Named("en-sorry").Samples(), 1);
        var start = await SpokenStart.ReadAsync(fixture.Vad, samples, new SpeechDetection(), TestContext.Current.CancellationToken);

        await _transcriber.DetectLanguageAsync(start, [], cancellationToken: TestContext.Current.CancellationToken);

        var window = spans.Under(spans.Root).ShouldHaveSingleItem();
        spans.Under(window).Select(span => span.OperationName).ShouldBe(["features", "encoder", "language detection"]);
    }

    [Fact]
    public void StartWindow_AfterTheFirst_TellsTheRestInSums()
    {
        using var spans = new SpanListener();
        var trace = RequestTrace.Join().ShouldNotBeNull();
        var window = new SpeechWindow([new SpeechPiece(0, new float[16_000], 16_000)]);

        for (var i = 0; i < RequestTrace.DetailedWindows + SpanSum.Most + 5; i++)
        {
            trace.StartWindow(window).Dispose();
        }

        trace.Complete();
        spans.Under(spans.Root, "window").Count.ShouldBe(RequestTrace.DetailedWindows);
        spans.Under(spans.Root, "windows").Select(span => span.GetTagItem("whispermesh.window.count")).ShouldBe([SpanSum.Most, 5]);
    }

    [Fact]
    public void Join_NotRecorded_IsNothing()
    {
        using var spans = new SpanListener();
        spans.Root.IsAllDataRequested = false;

        RequestTrace.Join().ShouldBeNull();
        LiveTrace.Join().ShouldBeNull();
    }

    [Fact]
    public void Join_NobodyCalls_BeginsNoTrace()
    {
        using var spans = new SpanListener();
        Activity.Current = null;

        RequestTrace.Join().ShouldBeNull();
    }
}
