namespace WhisperMesh.Audio;

/// <summary>How the bytes of an audio stream are to be read, or written.</summary>
public enum AudioEncoding
{
    /// <summary>Input: a file whose container is recognised from its first bytes. Output: WAV.</summary>
    Unspecified,

    /// <summary>RIFF WAVE. As output: 16-bit PCM.</summary>
    Wav,

    /// <summary>Headerless unsigned 8-bit samples. Input only.</summary>
    PcmU8,

    /// <summary>Headerless signed 16-bit little-endian samples.</summary>
    PcmS16Le,

    /// <summary>Headerless signed 24-bit little-endian samples, packed in three bytes. Input only.</summary>
    PcmS24Le,

    /// <summary>Headerless signed 32-bit little-endian samples. Input only.</summary>
    PcmS32Le,

    /// <summary>Headerless 32-bit float samples, full scale at -1 and 1. Input only.</summary>
    PcmF32Le,

    /// <summary>Headerless 64-bit float samples, full scale at -1 and 1. Input only.</summary>
    PcmF64Le,

    /// <summary>Headerless G.711 A-law. Input only.</summary>
    ALaw,

    /// <summary>Headerless G.711 mu-law. Input only.</summary>
    MuLaw,

    /// <summary>MPEG-1 Audio Layer III. Output only; input is recognised by its bytes.</summary>
    Mp3,

    /// <summary>Opus in an Ogg container. Output only; input is recognised by its bytes.</summary>
    Opus,

    /// <summary>FLAC. Output only; input is recognised by its bytes.</summary>
    Flac,

    /// <summary>AAC in an ADTS stream. Output only; input is recognised by its bytes.</summary>
    Aac,
}
