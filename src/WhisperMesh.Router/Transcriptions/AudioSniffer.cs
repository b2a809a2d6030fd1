using WhisperMesh.Router.Spool;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>Tells WAV, which every worker reads, from what needs ffmpeg.</summary>
internal static class AudioSniffer
{
    private const int HeaderBytes = 12;

    public static async Task<bool> IsWavAsync(SpoolFile audio, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        var reader = audio.OpenReader();
        var length = 0;
        while (length < HeaderBytes && await reader.ReadAsync(header.AsMemory(length), cancellationToken) is > 0 and var count)
        {
            length += count;
        }

        return IsWav(header.AsSpan(0, length));
    }

    /// <summary>Also for a header cut short: that it is broken is for a worker to say, which needs no ffmpeg to find out.</summary>
    internal static bool IsWav(ReadOnlySpan<byte> header) =>
        header.Length < HeaderBytes
            ? header.StartsWith("RIFF"u8) || header.StartsWith("RF64"u8)
            : (header.StartsWith("RIFF"u8) || header.StartsWith("RF64"u8)) && header[8..].SequenceEqual("WAVE"u8);
}
