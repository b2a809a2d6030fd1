using System.Globalization;
using System.Text.Json.Serialization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>A segment of a streamed transcript with its times, for who asks for them with <c>timestamp_granularities[]</c>.</summary>
internal sealed record TranscriptSegmentEvent
{
    public string Type { get; } = "transcript.text.segment";

    public required string Id { get; init; }
    public required double Start { get; init; }
    public required double End { get; init; }
    public required string Text { get; init; }

    /// <summary>Language of the segment, BCP-47.</summary>
    public required string Language { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VerboseWord>? Words { get; init; }

    /// <summary>Channel that it was spoken on, from 0; absent where channels are mixed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Channel { get; init; }

    public required SegmentJudgement Whispermesh { get; init; }

    public static TranscriptSegmentEvent Of(TranscriptSegment segment, TimestampGranularities granularities)
    {
        var start = Transcript.Seconds(segment.StartOffset);
        return new()
        {
            Id = segment.Index.ToString(CultureInfo.InvariantCulture),
            Start = VerboseTranscript.Round(start),
            End = VerboseTranscript.Round(start + Transcript.Seconds(segment.SegmentDuration)),
            Text = TranscriptText.Spaced(segment),
            Language = segment.LanguageCode,
            Words = granularities.HasFlag(TimestampGranularities.Word) ? [.. segment.Words.Select(word => VerboseWord.Of(segment, word))] : null,
            Channel = segment.HasChannel ? segment.Channel : null,
            Whispermesh = SegmentJudgement.Of(segment.Verdict),
        };
    }
}
