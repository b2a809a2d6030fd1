using System.Text;
using Nvidia.Riva.Asr;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Riva;

/// <summary>Tells a live session's events as Riva's results. One for each stream.</summary>
internal sealed class RivaResults(RivaStream stream)
{
    private const int Channel = 1;

    private readonly StringBuilder _committed = new();

    /// <summary>What the client is told of the event; null: nothing.</summary>
    public StreamingRecognizeResponse? Of(StreamLiveResponse message) => message.EventCase switch
    {
        StreamLiveResponse.EventOneofCase.Update => OfUpdate(message.Update, message.Progress),
        StreamLiveResponse.EventOneofCase.Final => OfFinal(message.Final, message.Progress),
        _ => null,
    };

    private StreamingRecognizeResponse? OfUpdate(LiveUpdate update, LiveProgress progress)
    {
        foreach (var word in update.Words)
        {
            _committed.Append(word.Text);
        }

        if (!stream.Interim)
        {
            return null;
        }

        var committed = _committed.ToString().TrimStart();
        var tentative = committed.Length > 0 ? update.TentativeText : update.TentativeText.TrimStart();
        var response = new StreamingRecognizeResponse { Id = stream.Id };
        Add(committed, stability: 1);
        // 0 would say that nothing is known.
        Add(tentative, Math.Max(update.Stability, 0.01f));
        return response.Results.Count > 0 ? response : null;

        void Add(string text, float stability)
        {
            if (text.Length > 0)
            {
                response.Results.Add(new StreamingRecognitionResult
                {
                    Alternatives = { Alternative(text, update.LanguageCode) },
                    Stability = stability,
                    ChannelTag = Channel,
                    AudioProcessed = Seconds(progress),
                });
            }
        }
    }

    private StreamingRecognizeResponse? OfFinal(LiveFinal final, LiveProgress progress)
    {
        _committed.Clear();
        if (final.Segment is not { Text.Length: > 0 } segment)
        {
            return null;
        }

        return new StreamingRecognizeResponse
        {
            Id = stream.Id,
            Results =
            {
                new StreamingRecognitionResult
                {
                    Alternatives = { OfSegment(segment, stream.Words) },
                    IsFinal = true,
                    ChannelTag = Channel,
                    AudioProcessed = Seconds(progress),
                },
            },
        };
    }

    /// <summary>The text of a segment, of a stream or a recording.</summary>
    public static SpeechRecognitionAlternative OfSegment(TranscriptSegment segment, bool words)
    {
        var alternative = Alternative(segment.Text, segment.LanguageCode);
        alternative.Confidence = segment.Confidence;
        if (words)
        {
            alternative.Words.AddRange(segment.Words.Select(word => new WordInfo
            {
                StartTime = Milliseconds(word.StartOffset),
                EndTime = Milliseconds(word.StartOffset) + Milliseconds(word.WordDuration),
                Word = word.Text,
                Confidence = word.Confidence,
                LanguageCode = segment.LanguageCode,
            }));
        }

        return alternative;
    }

    private static SpeechRecognitionAlternative Alternative(string text, string language)
    {
        var alternative = new SpeechRecognitionAlternative { Transcript = text };
        if (language.Length > 0)
        {
            alternative.LanguageCode.Add(language);
        }

        return alternative;
    }

    private static int Milliseconds(Google.Protobuf.WellKnownTypes.Duration? duration) =>
        (int)Math.Round(duration?.ToTimeSpan().TotalMilliseconds ?? 0);

    private static float Seconds(LiveProgress? progress) => (float)(progress?.AudioCommitted?.ToTimeSpan().TotalSeconds ?? 0);
}
