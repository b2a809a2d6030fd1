using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>
/// Joins the text of segments, one after another. Where channels are kept apart, each turn of one stands on a line of its own that
/// begins with the channel.
/// </summary>
internal sealed class TranscriptText
{
    private static readonly HashSet<string> WrittenWithoutSpaces = ["zh", "yue", "ja", "th", "lo", "my", "km", "bo"];

    private bool _begun;
    private int? _channel;

    /// <summary>What the segment adds to the text so far.</summary>
    public string Next(TranscriptSegment segment)
    {
        int? channel = segment.HasChannel ? segment.Channel : null;
        var takesTurn = channel is not null && channel != _channel;
        _channel = channel;
        var added = takesTurn ? (_begun ? "\n" : "") + Label(segment) + segment.Text
            : _begun ? Spaced(segment)
            : segment.Text;
        _begun |= added.Length > 0;
        return added;
    }

    /// <summary>The segment's text with the space that parts it from the one before, where its language has one.</summary>
    public static string Spaced(TranscriptSegment segment) =>
        WrittenWithoutSpaces.Contains(segment.LanguageCode.Split('-', 2)[0]) ? segment.Text : " " + segment.Text;

    /// <summary>Names the segment's channel before its text; empty where channels are mixed.</summary>
    public static string Label(TranscriptSegment segment) => segment.HasChannel ? $"[channel {segment.Channel}] " : "";
}
