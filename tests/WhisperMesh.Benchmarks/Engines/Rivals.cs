using System.Text;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>Makes rivals of what the command line says: <c>name=COMMAND</c> or <c>name=http://...</c>.</summary>
internal static class Rivals
{
    public static IEngine Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == text.Length - 1)
        {
            throw new BenchmarkException($"A rival is name=COMMAND or name=http://..., not '{text}'.");
        }
        var (name, origin) = (text[..equals], text[(equals + 1)..]);
        return Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new HttpRival(name, url)
            : new CommandRival(name, SplitCommand(origin));
    }

    /// <summary>At spaces; double quotes keep spaces. No shell is involved.</summary>
    private static List<string> SplitCommand(string command)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var (quoted, any) = (false, false);
        foreach (var character in command)
        {
            if (character == '"')
            {
                (quoted, any) = (!quoted, true);
            }
            else if (character != ' ' || quoted)
            {
                part.Append(character);
                any = true;
            }
            else if (any)
            {
                parts.Add(part.ToString());
                part.Clear();
                any = false;
            }
        }
        if (any)
        {
            parts.Add(part.ToString());
        }
        return parts;
    }
}
