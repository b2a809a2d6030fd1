using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary>One way to load the model, and what to call it.</summary>
internal sealed record ModelVariant(string Name, WhisperModelOptions Options)
{
    /// <summary>The engine's own defaults.</summary>
    public static ModelVariant Default { get; } = new("default", new WhisperModelOptions());

    /// <summary>All combinations of the values: <c>Threads=1,2</c> and <c>Rows=1,8</c> make four.</summary>
    public static IReadOnlyList<ModelVariant> Combine(IEnumerable<string> sets)
    {
        IEnumerable<ModelVariant> variants = [Default with { Name = "" }];
        foreach (var set in sets)
        {
            var (name, values) = Split(set);
            variants = variants.SelectMany(variant => values.Select(value => variant.With(name, value)));
        }
        return [.. variants.Select(variant => variant.Name.Length == 0 ? Default : variant)];
    }

    private ModelVariant With(string name, string value) =>
        new($"{Name}{(Name.Length == 0 ? "" : " ")}{name}={value}", ModelSettings.Set(Options, name, value));

    private static (string Name, string[] Values) Split(string set)
    {
        var parts = set.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && parts[1].Length > 0
            ? (parts[0], parts[1].Split(',', StringSplitOptions.TrimEntries))
            : throw new BenchmarkException($"A setting is NAME=VALUE or NAME=VALUE,VALUE, not '{set}'.");
    }
}
