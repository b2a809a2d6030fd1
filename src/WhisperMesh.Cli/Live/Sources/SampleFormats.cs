using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>Headerless samples by name, as ffmpeg calls them.</summary>
internal static class SampleFormats
{
    /// <summary>What the engine works on; recorders and ffmpeg are asked for it.</summary>
    internal static AudioFormat Speech => new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 };

    internal static IReadOnlyDictionary<string, AudioEncoding> ByName { get; } = new Dictionary<string, AudioEncoding>(StringComparer.OrdinalIgnoreCase)
    {
        ["u8"] = AudioEncoding.PcmU8,
        ["s16le"] = AudioEncoding.PcmS16Le,
        ["s24le"] = AudioEncoding.PcmS24Le,
        ["s32le"] = AudioEncoding.PcmS32Le,
        ["f32le"] = AudioEncoding.PcmF32Le,
        ["f64le"] = AudioEncoding.PcmF64Le,
        ["alaw"] = AudioEncoding.Alaw,
        ["mulaw"] = AudioEncoding.Mulaw,
    };

    internal static int Bytes(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.PcmU8 or AudioEncoding.Alaw or AudioEncoding.Mulaw => 1,
        AudioEncoding.PcmS24Le => 3,
        AudioEncoding.PcmS32Le or AudioEncoding.PcmF32Le => 4,
        AudioEncoding.PcmF64Le => 8,
        _ => 2,
    };
}
