using System.Globalization;
using WhisperMesh.Cli.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>A way to write a live stream down line by line, named as on the command line and as a file's extension.</summary>
/// <param name="Name">Name and extension.</param>
/// <param name="Create">Makes what gives the text of each event; null for none. One for each stream.</param>
internal sealed record LiveFormat(string Name, Func<Func<StreamLiveResponse, string?>> Create)
{
    internal static readonly LiveFormat Text = new("text", () => WriteText);
    internal static readonly LiveFormat Json = new("json", () => LiveJson.Write);
    internal static readonly LiveFormat Srt = new("srt", CreateSrt);
    internal static readonly LiveFormat Vtt = new("vtt", () => WriteVtt);

    internal static IReadOnlyList<LiveFormat> All { get; } = [Text, Json, Srt, Vtt];

    /// <summary>JSON tells of everything that happens; the others have text only.</summary>
    internal bool HasNotes => this == Json;

    internal static LiveFormat? Find(string name) => All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>By a file's extension; text where that says nothing.</summary>
    internal static LiveFormat ForFile(string path) => Find(Path.GetExtension(path).TrimStart('.')) ?? Text;

    private static string? WriteText(StreamLiveResponse message) =>
        message.Final?.Segment is { Text.Length: > 0 } segment ? segment.Text.ReplaceLineEndings(" ") + "\n" : null;

    private static Func<StreamLiveResponse, string?> CreateSrt()
    {
        var number = 0;
        return message => message.Final?.Segment is { Text.Length: > 0 } segment
            ? string.Concat(Cue.Of(segment).Select(cue => string.Create(
                CultureInfo.InvariantCulture, $"{++number}\n{Subtitles.Times(cue.Start, cue.End, ',')}\n{cue.Text}\n\n")))
            : null;
    }

    private static string? WriteVtt(StreamLiveResponse message) => message.EventCase switch
    {
        StreamLiveResponse.EventOneofCase.Started => "WEBVTT\n\n",
        StreamLiveResponse.EventOneofCase.Final => string.Concat(Cue.Of(message.Final.Segment).Select(
            cue => $"{Subtitles.Times(cue.Start, cue.End, '.')}\n{Subtitles.Escape(cue.Text)}\n\n")),
        _ => null,
    };
}
