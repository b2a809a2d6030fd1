using System.Text;
using WhisperMesh.Client;

namespace WhisperMesh.Cli.Formats;

/// <summary>The words only, a line for each segment.</summary>
internal static class PlainText
{
    internal static string Write(Transcript transcript, string name)
    {
        var text = new StringBuilder();
        foreach (var segment in transcript.Segments.Where(segment => segment.Text.Length > 0))
        {
            text.Append(ChannelLabel.Of(segment)).Append(segment.Text.ReplaceLineEndings(" ")).Append('\n');
        }

        return text.ToString();
    }
}
