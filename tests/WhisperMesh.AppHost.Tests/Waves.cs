using System.Buffers.Binary;

namespace WhisperMesh.AppHost.Tests;

/// <summary>WAV files of silence: 16 kHz, mono, 16 bit.</summary>
internal static class Waves
{
    public static byte[] Create(TimeSpan duration, uint? declaredBytes = null)
    {
        var data = (int)(duration.TotalSeconds * 32000);
        var wave = new byte[44 + data];
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(4), declaredBytes ?? (uint)(36 + data));
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(22), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(24), 16000);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(28), 32000);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(32), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(34), 16);
        "data"u8.CopyTo(wave.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(40), declaredBytes ?? (uint)data);
        return wave;
    }
}
