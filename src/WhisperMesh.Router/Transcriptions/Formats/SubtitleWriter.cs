using System.Globalization;
using System.Text;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Response formats <c>srt</c> and <c>vtt</c>.</summary>
internal static class SubtitleWriter
{
    public static string Srt(IReadOnlyList<TranscriptSegment> segments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < segments.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}\n");
            AppendTimes(text, segments[i], ',');

            // An arrow in a cue's text would be read as another time line.
            text.Append(Line(segments[i]).Replace("-->", "->", StringComparison.Ordinal)).Append("\n\n");
        }

        return text.ToString();
    }

    public static string Vtt(IReadOnlyList<TranscriptSegment> segments)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        foreach (var segment in segments)
        {
            AppendTimes(text, segment, '.');
            text.Append(Escape(Line(segment))).Append("\n\n");
        }

        return text.ToString();
    }

    /// <summary>A time as SRT (comma) or WebVTT (dot) writes it, rounded to milliseconds.</summary>
    public static string Time(TimeSpan time, char separator)
    {
        var milliseconds = (long)Math.Round(time.TotalMilliseconds);
        var (seconds, fraction) = Math.DivRem(milliseconds, 1000);
        var (minutes, second) = Math.DivRem(seconds, 60);
        var (hour, minute) = Math.DivRem(minutes, 60);
        return string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}:{second:00}{separator}{fraction:000}");
    }

    private static void AppendTimes(StringBuilder text, TranscriptSegment segment, char separator)
    {
        var start = segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero;
        var end = start + (segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero);
        text.Append(Time(start, separator)).Append(" --> ").Append(Time(end, separator)).Append('\n');
    }

    // A line break would end the cue, or its text would be read as the next one.
    private static string Line(TranscriptSegment segment) =>
        TranscriptText.Label(segment) + string.Join(' ', segment.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
