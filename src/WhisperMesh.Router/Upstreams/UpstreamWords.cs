using System.Text.Json;
using WhisperMesh.Speech.V1;
using ProtoDuration = Google.Protobuf.WellKnownTypes.Duration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Words of an upstream's answer: in one list beside the segments, or within each.</summary>
internal static class UpstreamWords
{
    public static void Assign(JsonElement root, IReadOnlyList<TranscriptSegment> segments)
    {
        if (segments.Count == 0)
        {
            return;
        }

        var words = root.Member("words") is { ValueKind: JsonValueKind.Array } list
            ? Read(list)
            : root.Member("segments").Items().SelectMany(segment => Read(segment.Member("words")));
        var at = 0;
        foreach (var word in words)
        {
            // A word belongs to the segment in which its middle lies; both lists run forward.
            var middle = word.StartOffset.ToTimeSpan() + (word.WordDuration.ToTimeSpan() / 2);
            while (at + 1 < segments.Count && middle >= segments[at + 1].StartOffset.ToTimeSpan())
            {
                at++;
            }

            segments[at].Words.Add(word);
        }
    }

    private static List<TranscriptWord> Read(JsonElement? list)
    {
        var pieces = list.Items()
            .Select(item => (Text: item.TextOf("word") ?? "", Start: item.NumberOf("start"), End: item.NumberOf("end"), Item: item))
            .Where(piece => piece is { Text.Length: > 0, Start: not null, End: not null })
            .ToList();

        // whisper.cpp lists tokens: one that begins a word has a space before it.
        var areTokens = pieces.Any(piece => piece.Text[0] == ' ');
        var words = new List<TranscriptWord>();
        foreach (var piece in pieces)
        {
            var end = UpstreamTranscript.Time(piece.End!.Value);
            if (areTokens && piece.Text[0] != ' ' && words.Count > 0)
            {
                words[^1].Text += piece.Text;
                words[^1].WordDuration = Between(words[^1].StartOffset.ToTimeSpan(), end);
                continue;
            }

            var start = UpstreamTranscript.Time(piece.Start!.Value);
            words.Add(new TranscriptWord
            {
                Text = piece.Text.Trim(),
                StartOffset = ProtoDuration.FromTimeSpan(start),
                WordDuration = Between(start, end),
                Confidence = (float)Math.Clamp(piece.Item.NumberOf("probability") ?? 0, 0, 1),
            });
        }

        return words;
    }

    private static ProtoDuration Between(TimeSpan start, TimeSpan end) => ProtoDuration.FromTimeSpan(end > start ? end - start : TimeSpan.Zero);
}
