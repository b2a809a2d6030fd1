using System.Globalization;
using System.Text;
using WhisperMesh.Router.Captions.Channels;

namespace WhisperMesh.Router.Captions.Files;

/// <summary>
/// Captions as an HLS media playlist of WebVTT segments (RFC 8216). Segments have fixed places in the stream's time and never
/// change; one is listed once all that is in it is known. A caption that crosses a boundary stands in both segments, with the same id.
/// </summary>
internal static class HlsCaptions
{
    /// <param name="log">The captions.</param>
    /// <param name="options">Lengths.</param>
    /// <param name="query">What the addresses of segments need, such as a view token; begins with "&amp;" or is empty.</param>
    public static string Playlist(CaptionLog log, CaptionOptions options, string query)
    {
        var length = options.SegmentDuration;
        var count = Count(log, options);
        var first = Math.Max(First(log, options), count - (long)(options.PlaylistDuration / length));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{(long)length.TotalSeconds}\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA-SEQUENCE:{first}\n");
        if (first < count)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-PROGRAM-DATE-TIME:{log.StartedAt.UtcDateTime + (first * length):yyyy-MM-dd'T'HH:mm:ss.fff}Z\n");
        }

        for (var number = first; number < count; number++)
        {
            var seconds = Math.Min(length.TotalSeconds, log.HasEnded ? (log.Duration - (number * length)).TotalSeconds : double.MaxValue);
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{seconds:0.000},\nseg-{number}.vtt?run={log.Run}{query}\n");
        }

        return log.HasEnded ? text.Append("#EXT-X-ENDLIST\n").ToString() : text.ToString();
    }

    /// <summary>One segment; null when it is gone, or not known yet.</summary>
    public static string? Segment(CaptionLog log, CaptionOptions options, long number)
    {
        if (number < First(log, options) || number >= Count(log, options))
        {
            return null;
        }

        var (begin, end) = (number * options.SegmentDuration, (number + 1) * options.SegmentDuration);

        // Nothing is played beside it, so the stream's time is the timeline.
        var text = new StringBuilder("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n");
        var captions = log.Captions;
        var at = FirstEndingAfter(log, begin);
        for (; at < captions.Count && captions[at].Start < end; at++)
        {
            CaptionFiles.AppendCues(text, [captions[at]]);
        }

        return text.ToString();
    }

    /// <summary>Segments from the start of the stream to what is known for good.</summary>
    private static long Count(CaptionLog log, CaptionOptions options) => log.HasEnded
        ? (long)Math.Ceiling(log.Duration / options.SegmentDuration)
        : (long)Math.Floor(log.Settled / options.SegmentDuration);

    /// <summary>The first segment of which nothing has been let go.</summary>
    private static long First(CaptionLog log, CaptionOptions options) =>
        log.Captions.Count == 0 || log.Captions[0].Id == 1 ? 0 : (long)Math.Ceiling(log.Captions[0].Start / options.SegmentDuration);

    private static int FirstEndingAfter(CaptionLog log, TimeSpan time)
    {
        var (low, high) = (0, log.Captions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = log.Captions[middle].End > time ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
