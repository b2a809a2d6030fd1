using System.Globalization;
using System.Text;
using WhisperMesh.Router.Captions.Shaping;
using WhisperMesh.Router.Transcriptions.Formats;

namespace WhisperMesh.Router.Captions.Files;

/// <summary>Captions as WebVTT, SRT and text.</summary>
internal static class CaptionFiles
{
    public static string Vtt(IEnumerable<Caption> captions)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        AppendCues(text, captions);
        return text.ToString();
    }

    /// <summary>Cues as WebVTT, each with its id.</summary>
    public static void AppendCues(StringBuilder text, IEnumerable<Caption> captions)
    {
        foreach (var caption in captions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{caption.Id}\n");
            AppendTimes(text, caption, '.');
            foreach (var line in caption.Lines)
            {
                text.Append(Escape(line)).Append('\n');
            }

            text.Append('\n');
        }
    }

    public static string Srt(IEnumerable<Caption> captions)
    {
        var text = new StringBuilder();
        var number = 1;
        foreach (var caption in captions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{number++}\n");
            AppendTimes(text, caption, ',');
            foreach (var line in caption.Lines)
            {
                // An arrow in a cue's text would be read as another time line.
                text.Append(line.Replace("-->", "->", StringComparison.Ordinal)).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What was said, an utterance a line.</summary>
    public static string Text(IEnumerable<Caption> captions)
    {
        var text = new StringBuilder();
        foreach (var caption in captions)
        {
            if (text.Length > 0)
            {
                text.Append(caption.BeginsUtterance ? "\n" : caption.Spaced ? " " : "");
            }

            text.Append(caption.Text);
        }

        return text.Length > 0 ? text.Append('\n').ToString() : "";
    }

    private static void AppendTimes(StringBuilder text, Caption caption, char separator) => text
        .Append(SubtitleWriter.Time(caption.Start, separator)).Append(" --> ").Append(SubtitleWriter.Time(caption.End, separator)).Append('\n');

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
