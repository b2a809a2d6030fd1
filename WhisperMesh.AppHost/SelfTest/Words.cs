namespace WhisperMesh.AppHost.SelfTest;

/// <summary>Compares sentences by their words, without case and punctuation.</summary>
internal static class Words
{
    /// <summary>
    /// Whether the two differ by at most one word in ten. The voice varies a little from run to run, so one word may be misheard; a mesh
    /// that is wired wrongly gets nearly all of them wrong.
    /// </summary>
    public static bool Agree(string said, string heard)
    {
        var expected = Of(said);
        return Distance(expected, Of(heard)) <= expected.Length / 10;
    }

    public static string[] Of(string sentence) => new string(
            [.. sentence.ToLowerInvariant().Select(character => char.IsLetterOrDigit(character) || character == '\'' ? character : ' ')])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Levenshtein's distance in words.</summary>
    public static int Distance(string[] expected, string[] actual)
    {
        var row = Enumerable.Range(0, actual.Length + 1).ToArray();
        for (var i = 1; i <= expected.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= actual.Length; j++)
            {
                var replaced = diagonal + (expected[i - 1] == actual[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
