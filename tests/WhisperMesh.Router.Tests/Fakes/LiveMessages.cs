using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Events of a live session as tests need them.</summary>
internal static class LiveMessages
{
    public static StreamLiveResponse Began(int utterance, double start) =>
        new() { SpeechStarted = new LiveSpeechStarted { UtteranceIndex = utterance, StartOffset = Seconds(start) } };

    public static StreamLiveResponse Paused(int utterance, double end) =>
        new() { SpeechEnded = new LiveSpeechEnded { UtteranceIndex = utterance, EndOffset = Seconds(end) } };

    /// <summary>Words that are committed, each half a second long.</summary>
    public static StreamLiveResponse Heard(int utterance, double start, params string[] words) => Heard(utterance, start, "", 0, words);

    public static StreamLiveResponse Heard(int utterance, double start, string tentative, float stability, params string[] words) => new()
    {
        Progress = new LiveProgress { AudioCommitted = Seconds(start + (0.5 * words.Length)) },
        Update = new LiveUpdate
        {
            UtteranceIndex = utterance,
            TentativeText = tentative,
            Stability = stability,
            LanguageCode = "en",
            Words =
            {
                words.Select((word, i) => new LiveWord
                {
                    Text = word, StartOffset = Seconds(start + (0.5 * i)), WordDuration = Seconds(0.5), Confidence = 0.5f,
                }),
            },
        },
    };

    public static StreamLiveResponse Ended(
        int utterance, double start, double end, string text, EndpointReason reason = EndpointReason.Pause, long position = 0) => new()
        {
            Progress = new LiveProgress { AudioCommitted = Seconds(end) },
            Final = new LiveFinal
            {
                Reason = reason,
                Checkpoint = new LiveCheckpoint { Position = position, Offset = Seconds(end), UtteranceCount = utterance + 1 },
                Segment = new TranscriptSegment
                {
                    Index = utterance,
                    StartOffset = Seconds(start),
                    SegmentDuration = Seconds(end - start),
                    Text = text,
                    LanguageCode = "en",
                    Confidence = 0.75f,
                    Words =
                    {
                        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => new TranscriptWord
                        {
                            Text = word, StartOffset = Seconds(start + (0.5 * i)), WordDuration = Seconds(0.5), Confidence = 0.5f,
                        }),
                    },
                },
            },
        };

    public static StreamLiveResponse Silence(double committed) =>
        new() { Progress = new LiveProgress { AudioCommitted = Seconds(committed) }, Status = new LiveStatus { Load = LiveLoad.Normal } };

    private static Duration Seconds(double seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
