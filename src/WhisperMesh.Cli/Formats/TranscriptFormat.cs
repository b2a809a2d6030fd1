using WhisperMesh.Client;

namespace WhisperMesh.Cli.Formats;

/// <summary>A way to write a transcript down, named as on the command line and as a file's extension.</summary>
/// <param name="Name">Name and extension.</param>
/// <param name="Write">Gives the whole document; the second argument names the audio.</param>
internal sealed record TranscriptFormat(string Name, Func<Transcript, string, string> Write)
{
    internal static readonly TranscriptFormat Txt = new("txt", PlainText.Write);
    internal static readonly TranscriptFormat Srt = new("srt", Subtitles.WriteSrt);
    internal static readonly TranscriptFormat Vtt = new("vtt", Subtitles.WriteVtt);
    internal static readonly TranscriptFormat Json = new("json", JsonDocumentFormat.Write);

    internal static IReadOnlyList<TranscriptFormat> All { get; } = [Txt, Srt, Vtt, Json];

    internal static TranscriptFormat? Find(string name) =>
        All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
