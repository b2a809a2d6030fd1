using System.Globalization;
using System.Runtime.InteropServices;

namespace WhisperMesh.Whisper.Tests;

/// <summary>Where the tests find recordings, golden values and models.</summary>
internal static class Repository
{
    public static readonly string Models = FindUpwards("models");
    public static readonly string WhisperBase = Path.Combine(Models, "whisper-base");
    public static readonly IReadOnlyList<Recording> Recordings = ReadTable();

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static Recording Named(string name) => Recordings.Single(r => r.File == name + ".wav");

    private static string FindUpwards(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, name);
            if (Directory.Exists(Path.Combine(candidate, "whisper-base")))
            {
                return candidate;
            }
        }
        throw new DirectoryNotFoundException($"No folder '{name}' above {AppContext.BaseDirectory}.");
    }

    private static Recording[] ReadTable() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Speech", "speech.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Select(row => new Recording(row[0], row[1], double.Parse(row[2], CultureInfo.InvariantCulture), row[3]))];
}

internal sealed record Recording(string File, string Language, double Seconds, string Text)
{
    /// <summary>The recordings are plain: a header of 44 bytes, then 16-bit mono at 16 kHz.</summary>
    public float[] Samples()
    {
        var bytes = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Speech", File)).AsSpan(44);
        var pcm = MemoryMarshal.Cast<byte, short>(bytes[..(bytes.Length & ~1)]);
        var samples = new float[pcm.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = pcm[i] / 32768f;
        }
        return samples;
    }
}
