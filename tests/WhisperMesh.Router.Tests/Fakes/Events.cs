using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Events as workers send them.</summary>
internal static class Events
{
    public static StreamTranscribeResponse Started(string requestId, string workerId) => new()
    {
        Started = new TranscriptionStarted { RequestId = requestId, WorkerId = workerId, Model = "whisper-base" },
    };

    public static StreamTranscribeResponse Segment(int index, double start, double duration, string text) =>
        new() { Segment = Plain(index, start, duration, text) };

    public static TranscriptSegment Plain(int index, double start, double duration, string text) => new()
    {
        Index = index,
        StartOffset = Seconds(start),
        SegmentDuration = Seconds(duration),
        Text = text,
        LanguageCode = "en",
        Confidence = 0.9f,
        AverageLogProbability = -0.25f,
        NoSpeechProbability = 0.125f,
        CompressionRatio = 1.5f,
        Verdict = SegmentVerdict.Ok,
        Tokens = { 50364, 440, 50414 },
        Words = { new TranscriptWord { StartOffset = Seconds(start), WordDuration = Seconds(0.5), Text = text, Confidence = 0.8f } },
    };

    public static StreamTranscribeResponse Progress(double received, double processed) => new()
    {
        Progress = new TranscriptionProgress { AudioReceived = Seconds(received), AudioProcessed = Seconds(processed) },
    };

    public static StreamTranscribeResponse Summary(TranscriptionConfig config, string workerId, double seconds) => new()
    {
        Summary = new TranscriptionSummary
        {
            RequestId = config.RequestId,
            Attempt = config.Attempt,
            WorkerId = workerId,
            Model = config.Model,
            AudioDuration = Seconds(seconds),
            LanguageCode = "en",
            SegmentCount = 2,
        },
    };

    public static SynthesizeResponse SynthesisStarted(SynthesizeRequest request, string workerId) => new()
    {
        Started = new SynthesisStarted { RequestId = request.RequestId, WorkerId = workerId, Model = request.Model, Voice = "joe" },
    };

    public static SynthesizeResponse Audio(string bytes) => new() { Audio = ByteString.CopyFromUtf8(bytes) };

    public static SynthesizeResponse SynthesisSummary(SynthesizeRequest request, string workerId) => new()
    {
        Summary = new SynthesisSummary
        {
            RequestId = request.RequestId,
            Attempt = request.Attempt,
            WorkerId = workerId,
            Model = request.Model,
            AudioDuration = Seconds(1.25),
        },
    };

    private static Duration Seconds(double seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
