namespace WhisperMesh.Router.Admission;

/// <summary>What compressed audio comes in, as far as its first bytes tell.</summary>
internal enum AudioContainer
{
    Unknown,
    Wav,
    Mp3,
    Ogg,
    Flac,
    Mp4,
    WebM,
    Aac,
}

internal static class AudioContainers
{
    public static AudioContainer Of(ReadOnlySpan<byte> header) => header switch
    {
        _ when header.Length >= 12 && (header.StartsWith("RIFF"u8) || header.StartsWith("RF64"u8)) && header[8..].StartsWith("WAVE"u8)
            => AudioContainer.Wav,
        _ when header.StartsWith("OggS"u8) => AudioContainer.Ogg,
        _ when header.StartsWith("fLaC"u8) => AudioContainer.Flac,
        _ when header.StartsWith("ID3"u8) => AudioContainer.Mp3,
        _ when header.Length >= 8 && header[4..].StartsWith("ftyp"u8) => AudioContainer.Mp4,
        [0x1A, 0x45, 0xDF, 0xA3, ..] => AudioContainer.WebM,
        // ADTS has layer 0, MPEG audio another one.
        [0xFF, var second, ..] when (second & 0xF6) == 0xF0 => AudioContainer.Aac,
        [0xFF, var second, ..] when (second & 0xE0) == 0xE0 => AudioContainer.Mp3,
        _ => AudioContainer.Unknown,
    };
}
