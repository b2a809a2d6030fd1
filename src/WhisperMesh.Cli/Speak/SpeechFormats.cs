using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Speak;

/// <summary>Formats of speech by name and by a file's extension.</summary>
internal static class SpeechFormats
{
    private static readonly Dictionary<string, AudioEncoding> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["wav"] = AudioEncoding.Wav,
        ["mp3"] = AudioEncoding.Mp3,
        ["opus"] = AudioEncoding.Opus,
        ["flac"] = AudioEncoding.Flac,
        ["aac"] = AudioEncoding.Aac,
        ["pcm"] = AudioEncoding.PcmS16Le,
    };

    internal static IEnumerable<string> Names => ByName.Keys;

    internal static AudioEncoding Choose(string? name, string path)
    {
        if (name is not null)
        {
            return ByName[name];
        }

        if (path == "-")
        {
            return AudioEncoding.Wav;
        }

        var extension = Path.GetExtension(path).TrimStart('.');
        if (ByName.TryGetValue(extension, out var encoding))
        {
            return encoding;
        }

        return extension.Equals("ogg", StringComparison.OrdinalIgnoreCase)
            ? AudioEncoding.Opus
            : throw new UsageException($"'{path}' does not end in a known format ({string.Join(", ", Names)}); name one with --format");
    }
}
