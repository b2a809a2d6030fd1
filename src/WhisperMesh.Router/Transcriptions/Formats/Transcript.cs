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

    /// <summary>Languages spoken, in the order that they are first heard; null where the text is a translation.</summary>
    public IReadOnlyList<SpokenLanguage>? Languages => Translated ? null : LanguagesOf(Segments, Summary);

    public MeshNotes Notes => MeshNotes.Of(Summary);

    public TranscriptUsage Usage => TranscriptUsage.Of(Summary);

    internal static IReadOnlyList<SpokenLanguage> LanguagesOf(IEnumerable<TranscriptSegment> segments, TranscriptionSummary summary) =>
    [
        .. segments.Select(segment => segment.LanguageCode).Append(summary.LanguageCode)
            .Where(code => code.Length > 0).Distinct().Select(code => new SpokenLanguage(code)),
    ];

    internal static double Seconds(Google.Protobuf.WellKnownTypes.Duration? duration) => duration?.ToTimeSpan().TotalSeconds ?? 0;
}

/// <summary>What a request is billed by: whole seconds of audio, begun ones included.</summary>
internal sealed record TranscriptUsage(string Type, long Seconds)
{
    public static TranscriptUsage Of(TranscriptionSummary summary) =>
        new("duration", (long)Math.Ceiling(Transcript.Seconds(summary.AudioDuration)));
}
