using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Joins the text of segments.</summary>
internal static class TranscriptText
{
    private static readonly HashSet<string> WrittenWithoutSpaces = ["zh", "yue", "ja", "th", "lo", "my", "km", "bo"];

    /// <summary>The segment's text as it goes on after the one before.</summary>
    public static string Delta(TranscriptSegment segment, bool first) => first ? segment.Text : Spaced(segment);

    /// <summary>The segment's text with the space that parts it from the one before, where its language has one.</summary>
    public static string Spaced(TranscriptSegment segment) =>
        WrittenWithoutSpaces.Contains(segment.LanguageCode.Split('-', 2)[0]) ? segment.Text : " " + segment.Text;
}
