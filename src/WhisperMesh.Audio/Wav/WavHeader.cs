using WhisperMesh.Audio.Pcm;

namespace WhisperMesh.Audio.Wav;

/// <summary>What a WAV file says of itself before its samples.</summary>
/// <param name="Layout">Layout of the samples, or null for a coding that is not read here.</param>
/// <param name="FormatTag">The coding's number in the registry of WAVE formats.</param>
/// <param name="DataLength">Bytes of samples, or null: up to the end of the input.</param>
/// <param name="LengthIsFirm">The length was written by someone who knew it, so fewer bytes mean that the file was cut.</param>
internal sealed record WavHeader(PcmLayout? Layout, int FormatTag, long? DataLength, bool LengthIsFirm)
{
    /// <summary>Names for the codings that are most often met and not read here.</summary>
    public string CodingName => Layout?.CodingName ?? FormatTag switch
    {
        0x02 => "Microsoft ADPCM",
        0x11 => "IMA ADPCM",
        0x31 => "GSM 6.10",
        0x50 => "MPEG audio",
        0x55 => "mp3",
        0xFF => "AAC",
        _ => $"coding 0x{FormatTag:X4}",
    };
}
