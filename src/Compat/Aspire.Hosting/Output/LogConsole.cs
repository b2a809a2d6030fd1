using System.Text.RegularExpressions;

namespace Aspire.Hosting.Output;

/// <summary>Writes the lines of all processes, each with the name of its process before it, in that process's colour.</summary>
internal sealed partial class LogConsole(TextWriter output, bool color)
{
    // Colours that read well on dark and on light: cyan, yellow, green, magenta, blue, and their bright forms.
    private static readonly int[] Palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private readonly Lock _writing = new();
    private readonly Dictionary<string, int> _colors = new(StringComparer.Ordinal);
    private int _width = OwnName.Length;

    /// <summary>What the AppHost's own lines begin with.</summary>
    public const string OwnName = "apphost";

    /// <summary>No colour into a file or pipe, nor where NO_COLOR asks for none (no-color.org).</summary>
    public static bool ColorIsWanted() =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Makes the prefixes as wide as the longest name.</summary>
    public void Reserve(IEnumerable<string> names)
    {
        lock (_writing)
        {
            foreach (var name in names)
            {
                _colors.TryAdd(name, Palette[_colors.Count % Palette.Length]);
                _width = Math.Max(_width, name.Length);
            }
        }
    }

    public static string WithoutEscapes(string line) => Escapes().Replace(line, "");

    public void Write(string name, string line)
    {
        lock (_writing)
        {
            var prefix = name.PadRight(_width);
            if (color && _colors.TryGetValue(name, out var code))
            {
                prefix = $"\e[{code}m{prefix}\e[0m";
            }

            // Some programs colour their lines whatever they write to, and some leave the colour on.
            var text = color && line.Contains('\e', StringComparison.Ordinal) ? line + "\e[0m" : WithoutEscapes(line);
            output.WriteLine($"{prefix} | {text}");
        }
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();
}
