using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>Words for tests: a fifth of a second each, side by side.</summary>
internal static class Words
{
    public const int Length = 3_200;

    public static List<HeardWord> Of(string text, long start = 0) =>
        [.. text.Split(' ').Select((word, i) => new HeardWord(" " + word, start + i * Length, start + (i + 1) * Length, 0.5f))];

    public static string Text(IEnumerable<HeardWord> words) => string.Concat(words.Select(word => word.Text));
}
