using System.Globalization;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary>What <c>--set NAME=VALUE</c> may change of <see cref="WhisperModelOptions"/>.</summary>
internal static class ModelSettings
{
    private static readonly Dictionary<string, Func<WhisperModelOptions, int, WhisperModelOptions>> Known =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Threads"] = (options, count) => options with { Threads = count },
            ["Rows"] = (options, count) => options with { Rows = count },
            ["RowMemoryMegabytes"] = (options, megabytes) => options with { RowMemoryBytes = (long)megabytes << 20 },
            ["WindowSeconds"] = (options, seconds) => options with { Window = TimeSpan.FromSeconds(seconds) },
        };

    public static IEnumerable<string> Names => Known.Keys;

    public static WhisperModelOptions Set(WhisperModelOptions options, string name, string value) => Known.TryGetValue(name, out var change)
        ? change(options, Number(value))
        : throw new BenchmarkException($"'{name}' can't be set; what can: {string.Join(", ", Names)}.");

    private static int Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new BenchmarkException($"'{value}' is no number.");
}
