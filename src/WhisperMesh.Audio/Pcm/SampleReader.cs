using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace WhisperMesh.Audio.Pcm;

/// <summary>Turns sample bytes into floats with full scale at -1 and 1.</summary>
internal static class SampleReader
{
    // A float file may go above full scale, and some are scaled as integers; beyond that it is damage, which must not
    // reach the models as infinities.
    private const float Loudest = 65_536f;

    /// <summary>Reads <paramref name="samples"/>.Length samples; the bytes must hold exactly as many.</summary>
    public static void Read(SampleCoding coding, ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        switch (coding)
        {
            case SampleCoding.Unsigned8:
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = (bytes[i] - 128) / 128f;
                }

                break;
            case SampleCoding.Signed16:
                // All platforms that .NET runs on here are little-endian, as the bytes are.
                TensorPrimitives.ConvertSaturating(MemoryMarshal.Cast<byte, short>(bytes), samples);
                TensorPrimitives.Multiply(samples, 1f / 32_768f, samples);
                break;
            case SampleCoding.Signed24:
                for (var i = 0; i < samples.Length; i++)
                {
                    var at = 3 * i;
                    samples[i] = ((bytes[at] << 8) | (bytes[at + 1] << 16) | (bytes[at + 2] << 24)) / 2_147_483_648f;
                }

                break;
            case SampleCoding.Signed32:
                TensorPrimitives.ConvertSaturating(MemoryMarshal.Cast<byte, int>(bytes), samples);
                TensorPrimitives.Multiply(samples, 1f / 2_147_483_648f, samples);
                break;
            case SampleCoding.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(samples);
                Tame(samples);
                break;
            case SampleCoding.Float64:
                TensorPrimitives.ConvertSaturating(MemoryMarshal.Cast<byte, double>(bytes), samples);
                Tame(samples);
                break;
            case SampleCoding.ALaw:
                ReadTable(G711.ALaw, bytes, samples);
                break;
            default:
                ReadTable(G711.MuLaw, bytes, samples);
                break;
        }
    }

    private static void ReadTable(float[] table, ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = table[bytes[i]];
        }
    }

    private static void Tame(Span<float> samples)
    {
        foreach (ref var sample in samples)
        {
            sample = float.IsFinite(sample) ? Math.Clamp(sample, -Loudest, Loudest) : 0;
        }
    }
}
