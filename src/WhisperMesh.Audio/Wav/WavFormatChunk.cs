using System.Buffers.Binary;
using WhisperMesh.Audio.Pcm;

namespace WhisperMesh.Audio.Wav;

/// <summary>Reads the 'fmt ' chunk: coding, rate, channels.</summary>
internal static class WavFormatChunk
{
    /// <summary>Bytes that the plainest form has; shorter ones can't be read.</summary>
    public const int MinLength = 16;

    /// <summary>Bytes that the extensible form has; what follows means nothing.</summary>
    public const int MaxLength = 40;

    private const int Extensible = 0xFFFE;
    private const uint LowFrequencySpeaker = 0x8;

    // The tail that all sub-formats share which are a plain format tag in a GUID.
    private static ReadOnlySpan<byte> TagGuidTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public static (PcmLayout? Layout, int FormatTag) Parse(ReadOnlySpan<byte> chunk)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int frameLength = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        AudioLimits.CheckSampleRate(rate, "The WAV header");
        AudioLimits.CheckChannelCount(channels, "The WAV header");

        uint speakers = 0;
        if (tag == Extensible)
        {
            if (chunk.Length < MaxLength)
            {
                throw new AudioException(AudioErrorReason.Unreadable, "The WAV header is cut short: its extensible format is incomplete.");
            }

            speakers = BinaryPrimitives.ReadUInt32LittleEndian(chunk[20..]);
            if (!chunk.Slice(26, TagGuidTail.Length).SequenceEqual(TagGuidTail))
            {
                return (null, Extensible);
            }

            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        var bytesPerSample = SampleWidth(frameLength, channels, bits);
        SampleCoding? coding = (tag, bytesPerSample) switch
        {
            (1, 1) => SampleCoding.Unsigned8,
            (1, 2) => SampleCoding.Signed16,
            (1, 3) => SampleCoding.Signed24,
            (1, 4) => SampleCoding.Signed32,
            (3, 4) => SampleCoding.Float32,
            (3, 8) => SampleCoding.Float64,
            (6, _) => SampleCoding.ALaw,
            (7, _) => SampleCoding.MuLaw,
            (1 or 3, _) => throw new AudioException(
                AudioErrorReason.Unsupported,
                $"The WAV header says {bits} bits a sample; PCM of 8, 16, 24 or 32 bits and float of 32 or 64 can be read."),
            _ => null,
        };
        var layout = coding is null ? null : new PcmLayout(coding.Value, (int)rate, channels, LowFrequencyChannel(speakers, channels));
        return (layout, tag);
    }

    // A sample may have fewer bits than its bytes hold (20 in 3, 24 in 4): the frame's length tells, where it is believable.
    private static int SampleWidth(int frameLength, int channels, int bits)
    {
        var needed = (bits + 7) / 8;
        return bits > 0 && frameLength % channels == 0 && frameLength / channels >= needed && frameLength / channels <= 8
            ? frameLength / channels
            : needed;
    }

    private static int LowFrequencyChannel(uint speakers, int channels)
    {
        if ((speakers & LowFrequencySpeaker) == 0)
        {
            return -1;
        }

        var index = System.Numerics.BitOperations.PopCount(speakers & (LowFrequencySpeaker - 1));
        return channels > 1 && index < channels ? index : -1;
    }
}
