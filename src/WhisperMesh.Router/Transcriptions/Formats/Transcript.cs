using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>A whole transcript, to be written in one of the response formats.</summary>
internal sealed record Transcript
{
    public required bool Translated { get; init; }
    public required bool WithLogprobs { get; init; }
    public required IReadOnlyList<TranscriptSegment> Segments { get; init; }
    public required TranscriptionSummary Summary { get; init; }

    public double DurationSeconds => Seconds(Summary.AudioDuration);

    public string Text => string.Concat(Segments.Select(new TranscriptText().Next));

    public IReadOnlyList<TokenLogprob>? Logprobs => WithLogprobs ? [.. Segments.SelectMany(TokenLogprob.Of)] : null;

    public TranscriptUsage Usage => TranscriptUsage.Of(Summary);

    internal static double Seconds(Google.Protobuf.WellKnownTypes.Duration? duration) => duration?.ToTimeSpan().TotalSeconds ?? 0;
}

/// <summary>What a request is billed by: whole seconds of audio, begun ones included.</summary>
internal sealed record TranscriptUsage(string Type, long Seconds)
{
    public static TranscriptUsage Of(TranscriptionSummary summary) =>
        new("duration", (long)Math.Ceiling(Transcript.Seconds(summary.AudioDuration)));
}
