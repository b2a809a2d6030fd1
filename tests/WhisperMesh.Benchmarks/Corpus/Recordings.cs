using System.Globalization;

namespace WhisperMesh.Benchmarks.Corpus;

/// <summary>The recordings of people that the repository holds, and the models beside them.</summary>
internal static class Recordings
{
    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<Clip> All { get; } = Read(Path.Combine(AppContext.BaseDirectory, "Speech"));

    /// <summary>The recordings in the languages named; all when none is.</summary>
    public static IReadOnlyList<Clip> In(IReadOnlyCollection<string> languages)
    {
        foreach (var language in languages)
        {
            if (All.All(clip => clip.Language != language))
            {
                throw new BenchmarkException($"There is no recording in '{language}'.");
            }
        }
        return [.. All.Where(clip => languages.Count == 0 || languages.Contains(clip.Language))];
    }

    /// <summary>The folder with the models, searched upwards from the program.</summary>
    public static string FindModels()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "models");
            if (Directory.Exists(Path.Combine(models, "whisper-base")))
            {
                return models;
            }
        }
        throw new BenchmarkException($"There is no folder models/whisper-base above {AppContext.BaseDirectory}.");
    }

    private static Clip[] Read(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "speech.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Select(row => new Clip(Path.Combine(folder, row[0]), row[1], Seconds(row[2]), row[3]))];

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
}
