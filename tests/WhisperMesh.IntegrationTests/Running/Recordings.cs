namespace WhisperMesh.IntegrationTests.Running;

/// <summary>A recording and what is said in it.</summary>
internal sealed record Recording(string File, string Language, string Text)
{
    internal string Path => Repository.Recording(File);
}

/// <summary>The recordings of tests/Speech.</summary>
internal static class Recordings
{
    internal static IReadOnlyList<Recording> All { get; } =
    [
        .. File.ReadLines(Repository.Recording("speech.tsv")).Skip(1)
            .Select(line => line.Split('\t'))
            .Select(columns => new Recording(columns[0], columns[1], columns[3])),
    ];

    internal static IReadOnlyList<Recording> English { get; } = [.. All.Where(recording => recording.Language == "en")];

    internal static Recording Named(string file) => All.Single(recording => recording.File == file);

    /// <summary>The sample bytes of several recordings one after another, in one WAV: as long as a test needs.</summary>
    internal static byte[] Joined(int minimumSeconds)
    {
        const int bytesPerSecond = 32000;
        using var joined = new MemoryStream();
        joined.Write(File.ReadAllBytes(English[0].Path).AsSpan(0, 44));
        for (var i = 0; joined.Length < (long)minimumSeconds * bytesPerSecond; i = (i + 1) % English.Count)
        {
            joined.Write(File.ReadAllBytes(English[i].Path).AsSpan(44));
        }

        var wav = joined.ToArray();
        BitConverter.TryWriteBytes(wav.AsSpan(4), wav.Length - 8);
        BitConverter.TryWriteBytes(wav.AsSpan(40), wav.Length - 44);
        return wav;
    }
}
