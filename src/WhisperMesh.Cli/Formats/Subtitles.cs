using System.Globalization;
using System.Text;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Formats;

/// <summary>Subtitle files: SubRip and WebVTT, a cue for each segment.</summary>
internal static class Subtitles
{
    internal static string WriteSrt(Transcript transcript, string name)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var segment in Spoken(transcript))
        {
            text.Append(CultureInfo.InvariantCulture, $"{++number}\n").Append(Times(segment, ',')).Append('\n');
            text.Append(Line(segment)).Append("\n\n");
        }

        return text.ToString();
    }

    internal static string WriteVtt(Transcript transcript, string name)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        foreach (var segment in Spoken(transcript))
        {
            text.Append(Times(segment, '.')).Append('\n').Append(Escape(Line(segment))).Append("\n\n");
        }

        return text.ToString();
    }

    private static IEnumerable<TranscriptSegment> Spoken(Transcript transcript) =>
        transcript.Segments.Where(segment => segment.Text.Length > 0);

    private static string Times(TranscriptSegment segment, char separator)
    {
        var start = segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero;
        return Times(start, start + (segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero), separator);
    }

    internal static string Times(TimeSpan start, TimeSpan end, char separator) => $"{Time(start, separator)} --> {Time(end, separator)}";

    private static string Time(TimeSpan time, char separator)
    {
        var rounded = TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)rounded.TotalHours:00}:{rounded.Minutes:00}:{rounded.Seconds:00}{separator}{rounded.Milliseconds:000}");
    }

    // A blank line would end the cue.
    private static string Line(TranscriptSegment segment) => ChannelLabel.Of(segment) + segment.Text.ReplaceLineEndings(" ");

    // WebVTT takes "<" and "&" as markup, which also covers "-->".
    internal static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
