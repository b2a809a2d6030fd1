using WhisperMesh.Router.Captions.Channels;

namespace WhisperMesh.Router.Captions.Files;

/// <summary>Captions as <c>captions.json</c>. Times are seconds from the start of the stream.</summary>
internal sealed record CaptionDocument(
    string Name, string Run, string State, DateTimeOffset StartedAt, string Language, double Duration, IReadOnlyList<CaptionEntry> Captions)
{
    public static CaptionDocument Of(string name, CaptionLog log) => new(
        name,
        log.Run,
        log.State,
        log.StartedAt,
        log.Language,
        log.Duration.TotalSeconds,
        [.. log.Captions.Select(caption =>
            new CaptionEntry(caption.Id, caption.Start.TotalSeconds, caption.End.TotalSeconds, caption.Text, caption.Lines))]);
}

internal sealed record CaptionEntry(long Id, double Start, double End, string Text, IReadOnlyList<string> Lines);
