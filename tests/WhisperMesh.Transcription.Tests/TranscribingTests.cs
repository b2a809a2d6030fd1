using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Tests;

[Collection(RunningWorker.Collection)]
public sealed class TranscribingTests(RunningWorker worker)
{
    // As the reference decoding of the same weights writes it; the speaker says "you are".
    private const string Sorry = "I'm sorry, but I was unable to locate the person you're calling.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamTranscribe_Recording_GivesItsWordsInContractOrder()
    {
        var events = await worker.TranscribeAsync(
            new TranscriptionConfig { Model = "whisper-1", RequestId = "r-1", Attempt = 2 }, RunningWorker.Recording("en-sorry"), Token);

        events[0].Started.ShouldNotBeNull().RequestId.ShouldBe("r-1");
        events[0].Started.Model.ShouldBe("whisper-base");
        var text = string.Join(' ', events.Select(e => e.Segment?.Text).OfType<string>());
        WordErrorRate.Errors(Sorry, text).ShouldBe(0, text);
        var summary = events[^1].Summary.ShouldNotBeNull();
        summary.Attempt.ShouldBe(2);
        summary.LanguageCode.ShouldBe("en");
        summary.LanguageProbabilities.Count.ShouldBeInRange(1, 5);
        summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBe(3.92, 0.05);
        summary.SpeechDuration.ToTimeSpan().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        summary.SegmentCount.ShouldBe(events.Count(e => e.Segment is not null));
        summary.WorkerId.ShouldBe(events[0].Started.WorkerId);
        summary.Timings.Decoding.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        events[^2].Progress.ShouldNotBeNull().AudioProcessed.ShouldBe(summary.AudioDuration);
    }

    [Fact]
    public async Task StreamTranscribe_VoiceActivity_ChangesWhatCountsAsSpeech()
    {
        async Task<(double Speech, int Segments)> ListenAsync(VoiceActivity? voice)
        {
            var config = new TranscriptionConfig { LanguageCode = "en-GB", VoiceActivity = voice };
            var events = await worker.TranscribeAsync(config, RunningWorker.Recording("en-sorry"), Token);
            events[^1].Summary.Warnings.ShouldBe(["The language 'en-GB' is heard as 'en': the model knows no regions."]);
            return (events[^1].Summary.SpeechDuration.ToTimeSpan().TotalSeconds, events[^1].Summary.SegmentCount);
        }

        var standard = await ListenAsync(null);
        var deaf = await ListenAsync(new() { Threshold = 1 });
        var patient = await ListenAsync(new() { SilenceDuration = new() { Seconds = 10 }, Threshold = 0.05f });

        standard.Segments.ShouldBeGreaterThan(0);
        deaf.ShouldBe((0, 0));
        patient.Speech.ShouldBeGreaterThan(standard.Speech);
    }

    [Theory]
    [InlineData("threshold")]
    [InlineData("silence_duration")]
    [InlineData("prefix_padding")]
    public async Task StreamTranscribe_VoiceActivityOutOfRange_NamesTheField(string field)
    {
        var voice = new VoiceActivity();
        switch (field)
        {
            case "threshold":
                voice.Threshold = 1.01f;
                break;
            case "silence_duration":
                voice.SilenceDuration = new() { Seconds = 10, Nanos = 1 };
                break;
            default:
                voice.PrefixPadding = new() { Seconds = long.MaxValue, Nanos = -7 };
                break;
        }

        var error = await worker.FailAsync(Token, RunningWorker.Config(new TranscriptionConfig { VoiceActivity = voice }));

        error.Field.ShouldBe("voice_activity." + field);
    }

    [Fact]
    public async Task StreamTranscribe_WordTimestamps_GivesTheWordsOfEachSegment()
    {
        var events = await worker.TranscribeAsync(
            new TranscriptionConfig { WordTimestamps = true }, RunningWorker.Recording("en-sorry"), Token);

        var segments = events.Select(e => e.Segment).OfType<TranscriptSegment>().ToList();
        segments.ShouldNotBeEmpty();
        foreach (var segment in segments)
        {
            string.Join(' ', segment.Words.Select(word => word.Text)).ShouldBe(segment.Text.Trim());
            segment.Words.ShouldAllBe(word => word.StartOffset.ToTimeSpan() >= segment.StartOffset.ToTimeSpan());
        }
    }

    [Fact]
    public async Task StreamTranscribe_TokenDetails_SpellTheText()
    {
        var events = await worker.TranscribeAsync(
            new TranscriptionConfig { TokenDetails = true }, RunningWorker.Recording("en-sorry"), Token);

        var segments = events.Select(e => e.Segment).OfType<TranscriptSegment>().ToList();
        segments.ShouldNotBeEmpty();
        foreach (var segment in segments)
        {
            var spelled = Encoding.UTF8.GetString([.. segment.TokenBytes.SelectMany(bytes => bytes.ToByteArray())]);
            spelled.Trim().ShouldBe(segment.Text);
            (segment.TokenBytes.Count, segment.TokenLogProbabilities.Count).ShouldBe((segment.Tokens.Count, segment.Tokens.Count));
            segment.TokenLogProbabilities.ShouldAllBe(probability => probability <= 0);
            segment.Verdict.ShouldNotBe(SegmentVerdict.Unspecified);
        }

        var summary = events[^1].Summary;
        summary.ChannelCount.ShouldBe(1);
        var timings = summary.Timings;
        (timings.Encoder + timings.Decoder).ShouldBe(timings.Decoding);
        timings.Features.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task StreamTranscribe_Silence_GivesNoSegment()
    {
        var events = await worker.TranscribeAsync(Pcm(), new byte[64_000], Token);

        events.ShouldAllBe(e => e.Segment == null);
        events[^1].Summary.LanguageCode.ShouldBeEmpty();
        events[^1].Summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task StreamTranscribe_TwoAtOnce_DoNotMix()
    {
        await worker.IdleAsync(TimeSpan.FromSeconds(30), Token);
        var first = worker.TranscribeAsync(new TranscriptionConfig(), RunningWorker.Recording("en-sorry"), Token);
        var second = worker.TranscribeAsync(new TranscriptionConfig(), RunningWorker.Recording("en-auth-incorrect"), Token);

        TextOf(await first).ShouldContain("sorry", Case.Insensitive);
        TextOf(await second).ShouldContain("password", Case.Insensitive);
    }

    [Fact]
    public async Task StreamTranscribe_ClientGoneMidStream_IsIdleAgainWithinASecond()
    {
        await worker.IdleAsync(TimeSpan.FromSeconds(30), Token);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = worker.Client.StreamTranscribe(cancellationToken: gone.Token);
        await call.RequestStream.WriteAsync(RunningWorker.Config(new TranscriptionConfig()), Token);
        await call.RequestStream.WriteAsync(RunningWorker.Audio(RunningWorker.Recording("en-sorry")[..60_000]), Token);
        (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        (await worker.WorkerClient.GetLoadAsync(new GetLoadRequest(), cancellationToken: Token)).Load.ActiveRequestCount.ShouldBe(1);

        await gone.CancelAsync();

        await worker.IdleAsync(TimeSpan.FromSeconds(1), Token);
    }

    [Fact]
    public async Task StreamTranscribe_PlaceAndQueueTaken_IsRefusedWithRetryInfo()
    {
        await worker.IdleAsync(TimeSpan.FromSeconds(30), Token);
        using var first = worker.Gate.Admit();
        using var second = worker.Gate.Admit();

        var error = await worker.FailAsync(Token, RunningWorker.Config(new TranscriptionConfig()));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        error.Reason.ShouldBe(ErrorReasons.QueueFull);
        error.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task StreamTranscribe_Summary_SaysWhatItTookAndWhoDidIt()
    {
        var events = await worker.TranscribeAsync(
            new TranscriptionConfig { WordTimestamps = true }, RunningWorker.Recording("en-sorry"), Token);

        var summary = events[^1].Summary;
        var capabilities = (await worker.WorkerClient.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: Token)).Capabilities;
        (summary.WorkerVersion, summary.ModelRevision).ShouldBe((capabilities.Version, capabilities.Models[0].Model.Revision));
        summary.ModelRevision.ShouldNotBeEmpty();
        summary.Work.WindowCount.ShouldBe(1);
        summary.Work.TokenCount.ShouldBeGreaterThan(5);
        summary.Work.DecoderStepCount.ShouldBeGreaterThan(summary.Work.TokenCount);
        summary.Work.MeanRowCount.ShouldBeGreaterThanOrEqualTo(1);
        var timings = summary.Timings;
        new[] { timings.Prefill, timings.LanguageDetection, timings.Alignment }.ShouldAllBe(part => part.ToTimeSpan() > TimeSpan.Zero);
        timings.Prefill.ToTimeSpan().ShouldBeLessThan(timings.Decoder.ToTimeSpan());
    }

    [Fact]
    public async Task StreamTranscribe_Traced_GivesSiblingSpansOfTheCall()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "WhisperMesh.Transcription" or "WhisperMesh.Whisper" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        await worker.IdleAsync(TimeSpan.FromSeconds(30), Token);
        ActivitySource.AddActivityListener(listener);

        await worker.TranscribeAsync(new TranscriptionConfig(), RunningWorker.Recording("en-sorry"), Token);

        // Other tests run beside this one; the queue's span is of this call alone.
        var call = spans.Single(span => span.OperationName == "queue").ParentSpanId;
        spans.Where(span => span.ParentSpanId == call).Select(span => span.OperationName).Order()
            .ShouldBe(["audio decoding", "post-processing", "queue", "voice detection", "window"]);
        var window = spans.Single(span => span.ParentSpanId == call && span.OperationName == "window");
        spans.Where(span => span.ParentSpanId == window.SpanId).OrderBy(span => span.StartTimeUtc).Select(span => span.OperationName)
            .ShouldBe(["features", "encoder", "language detection", "prefill", "decoder"]);
    }

    [Fact]
    public async Task GetCapabilities_Always_DescribesTheModel()
    {
        var reply = await worker.WorkerClient.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: Token);

        var model = reply.Capabilities.Models.ShouldHaveSingleItem();
        model.Model.Id.ShouldBe("whisper-base");
        model.Model.Aliases.ShouldBe(["whisper-1"]);
        model.Model.LanguageCodes.Count.ShouldBe(99);
        reply.Capabilities.Device.ShouldBe("cpu");
    }

    private static TranscriptionConfig Pcm() => new()
    {
        AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 },
    };

    private static string TextOf(List<StreamTranscribeResponse> events) =>
        string.Join(' ', events.Select(e => e.Segment?.Text).OfType<string>());
}
