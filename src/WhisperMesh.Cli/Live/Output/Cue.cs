using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>What is shown at one time: one or two lines.</summary>
internal sealed record Cue(TimeSpan Start, TimeSpan End, string Text)
{
    // What subtitlers have agreed on.
    private const int LineLength = 42;
    private const int MaxLines = 2;

    /// <summary>The cues of an utterance: as much text as two lines hold, from its first word to its last.</summary>
    internal static IEnumerable<Cue> Of(TranscriptSegment segment)
    {
        // Where a language has no spaces, or no words are given, the text stays as one cue.
        var words = segment.Words.Where(word => word.Text.Length > 0).ToList();
        if (words.Count == 0 || string.Join(' ', words.Select(word => word.Text)) != segment.Text)
        {
            var start = Span(segment.StartOffset);
            return segment.Text.Length == 0 ? [] : [new Cue(start, start + Span(segment.SegmentDuration), segment.Text.ReplaceLineEndings(" "))];
        }

        return Split(words);
    }

    private static IEnumerable<Cue> Split(List<TranscriptWord> words)
    {
        var lines = new List<string>();
        var first = words[0];
        var last = first;
        foreach (var word in words)
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Text.Length <= LineLength)
            {
                lines[^1] += $" {word.Text}";
            }
            else
            {
                if (lines.Count == MaxLines)
                {
                    yield return Join(first, last, lines);
                    lines.Clear();
                    first = word;
                }

                lines.Add(word.Text);
            }

            last = word;
        }

        yield return Join(first, last, lines);
    }

    private static Cue Join(TranscriptWord first, TranscriptWord last, List<string> lines) =>
        new(Span(first.StartOffset), Span(last.StartOffset) + Span(last.WordDuration), string.Join('\n', lines));

    private static TimeSpan Span(Google.Protobuf.WellKnownTypes.Duration? duration) => duration?.ToTimeSpan() ?? TimeSpan.Zero;
}
