namespace WhisperMesh.Tests.Shared.Prometheus;

/// <summary>What a host serves at /metrics, where other hosts of the same process measure under the same names and are told of as well.</summary>
internal static class ServedText
{
    /// <summary>Leaves the first family of each name, and in it the first of each series.</summary>
    public static string FirstOfEach(string text) =>
        string.Concat(Lines(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => line + '\n'));

    private static IEnumerable<string> Lines(IEnumerable<string> lines)
    {
        var (families, series) = (new HashSet<string>(), new HashSet<string>());
        var (family, isKnown) = ("", false);
        foreach (var line in lines)
        {
            if (line.Split(' ') is ["#", "TYPE" or "HELP" or "UNIT", var name, ..] && name != family)
            {
                (family, isKnown) = (name, !families.Add(name));
            }

            if (!isKnown && series.Add(SeriesOf(line)))
            {
                yield return line;
            }
        }
    }

    private static string SeriesOf(string line) => line.StartsWith('#') ? line
        : line[..(line.LastIndexOf('}') is > 0 and var end ? end : Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal)))];
}
