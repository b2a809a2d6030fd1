namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>Pairs the words heard with the words spoken, by the fewest insertions, deletions and substitutions.</summary>
internal static class WordAlignment
{
    /// <summary>For each word of the reference, the index of the equal word heard in its place; -1 where there is none.</summary>
    public static int[] Match(string[] reference, string[] heard)
    {
        var costs = Costs(reference, heard);
        var matches = new int[reference.Length];
        Array.Fill(matches, -1);
        var (i, j) = (reference.Length, heard.Length);
        while (i > 0 && j > 0)
        {
            var equal = reference[i - 1] == heard[j - 1];
            if (costs[i, j] == costs[i - 1, j - 1] + (equal ? 0 : 1))
            {
                (i, j) = (i - 1, j - 1);
                matches[i] = equal ? j : -1;
            }
            else if (costs[i, j] == costs[i - 1, j] + 1)
            {
                i--;
            }
            else
            {
                j--;
            }
        }
        return matches;
    }

    private static int[,] Costs(string[] reference, string[] heard)
    {
        var costs = new int[reference.Length + 1, heard.Length + 1];
        for (var i = 0; i <= reference.Length; i++)
        {
            for (var j = 0; j <= heard.Length; j++)
            {
                costs[i, j] = (i, j) switch
                {
                    (_, 0) => i,
                    (0, _) => j,
                    _ => Math.Min(
                        costs[i - 1, j - 1] + (reference[i - 1] == heard[j - 1] ? 0 : 1),
                        Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1),
                };
            }
        }
        return costs;
    }
}
