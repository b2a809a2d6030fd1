using System.Text.Json.Serialization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Response format <c>verbose_json</c>.</summary>
internal sealed record VerboseTranscript
{
    public required string Task { get; init; }
    public required string Language { get; init; }
    public required double Duration { get; init; }
    public required string Text { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VerboseWord>? Words { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VerboseSegment>? Segments { get; init; }

    public required TranscriptUsage Usage { get; init; }
    public required MeshNotes Whispermesh { get; init; }

    public static VerboseTranscript Of(Transcript transcript, TimestampGranularities granularities) => new()
    {
        Task = transcript.Translated ? "translate" : "transcribe",
        Language = transcript.Translated ? "english" : LanguageNames.Of(transcript.Summary.LanguageCode),
        Duration = Round(transcript.DurationSeconds),
        Text = transcript.Text,
        Words = granularities.HasFlag(TimestampGranularities.Word)
            ? [.. transcript.Segments.SelectMany(segment => segment.Words, VerboseWord.Of)]
            : null,
        Segments = granularities.HasFlag(TimestampGranularities.Segment)
            ? [.. transcript.Segments.Select(VerboseSegment.Of)]
            : null,
        Usage = transcript.Usage,
        Whispermesh = transcript.Notes,
    };

    internal static double Round(double seconds) => Math.Round(seconds, 3);
}

/// <summary>Values of <c>timestamp_granularities[]</c>.</summary>
[Flags]
internal enum TimestampGranularities
{
    None = 0,
    Segment = 1,
    Word = 2,
}

internal sealed record VerboseWord(
    string Word,
    double Start,
    double End,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Channel)
{
    public static VerboseWord Of(TranscriptSegment segment, TranscriptWord word)
    {
        var start = Transcript.Seconds(word.StartOffset);
        return new(
            word.Text,
            VerboseTranscript.Round(start),
            VerboseTranscript.Round(start + Transcript.Seconds(word.WordDuration)),
            segment.HasChannel ? segment.Channel : null);
    }
}

internal sealed record VerboseSegment
{
    public required int Id { get; init; }

    /// <summary>Where the decoding window began, in hundredths of a second; the segment's own start here.</summary>
    public required long Seek { get; init; }

    public required double Start { get; init; }
    public required double End { get; init; }
    public required string Text { get; init; }
    public required IReadOnlyList<int> Tokens { get; init; }
    public required float Temperature { get; init; }
    public required float AvgLogprob { get; init; }
    public required float CompressionRatio { get; init; }
    public required float NoSpeechProb { get; init; }

    /// <summary>Channel that it was spoken on, from 0; absent where channels are mixed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Channel { get; init; }

    /// <summary>What OpenAI's API has no field for.</summary>
    public required SegmentJudgement Whispermesh { get; init; }

    public static VerboseSegment Of(TranscriptSegment segment)
    {
        var start = Transcript.Seconds(segment.StartOffset);
        return new()
        {
            Id = segment.Index,
            Seek = (long)Math.Round(start * 100),
            Start = VerboseTranscript.Round(start),
            End = VerboseTranscript.Round(start + Transcript.Seconds(segment.SegmentDuration)),
            Text = TranscriptText.Spaced(segment),
            Tokens = segment.Tokens,
            Temperature = Finite(segment.Temperature),
            AvgLogprob = Finite(segment.AverageLogProbability),
            CompressionRatio = Finite(segment.CompressionRatio),
            NoSpeechProb = Finite(segment.NoSpeechProbability),
            Channel = segment.HasChannel ? segment.Channel : null,
            Whispermesh = SegmentJudgement.Of(segment.Verdict),
        };
    }

    // JSON has no infinity.
    private static float Finite(float value) => float.IsFinite(value) ? value : 0;
}
