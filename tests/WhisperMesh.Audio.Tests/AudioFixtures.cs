using System.Buffers.Binary;
using System.Reflection;
using System.Text;

namespace WhisperMesh.Audio.Tests;

/// <summary>Recordings of the repository, generated sounds, and the decoder run to its end.</summary>
internal static class AudioFixtures
{
    public static string RepositoryRoot { get; } = typeof(AudioFixtures).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string VadPath => Path.Combine(RepositoryRoot, "models", "silero-vad", "silero_vad.onnx");

    /// <summary>All recordings of speech.</summary>
    public static IEnumerable<string> SpeechNames =>
        Directory.GetFiles(Path.Combine(RepositoryRoot, "tests", "Speech"), "*.wav").Select(path => Path.GetFileName(path)).Order();

    public static string SpeechPath(string name) => Path.Combine(RepositoryRoot, "tests", "Speech", name);

    public static async Task<float[]> DecodeAsync(
        Stream input, AudioFormat? declared = null, AudioDecodeReport? report = null, AudioDecoderOptions? options = null)
    {
        var samples = new List<float>();
        var decoder = new AudioDecoder(options ?? new AudioDecoderOptions());
        await foreach (var block in decoder.DecodeAsync(input, declared, report, TestContext.Current.CancellationToken))
        {
            block.Length.ShouldBeInRange(1, AudioLimits.SpeechSampleRateHz);
            samples.AddRange(block.Span);
        }

        return [.. samples];
    }

    public static Task<float[]> DecodeAsync(
        byte[] input, AudioFormat? declared = null, AudioDecodeReport? report = null, AudioDecoderOptions? options = null) =>
        DecodeAsync(new TrickleStream(input, int.MaxValue), declared, report, options);

    public static Task<float[]> SpeechAsync(string name) => DecodeAsync(File.ReadAllBytes(SpeechPath(name)));

    public static float[] Tone(double frequencyHz, int rateHz, int count, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / rateHz)))];

    /// <summary>A WAV of bytes that are already coded.</summary>
    public static byte[] Wav(
        int tag, int bits, int rateHz, int channels, byte[] data, uint? dataSize = null, uint? riffSize = null, byte[]? between = null,
        int? blockAlign = null, byte[]? formatTail = null)
    {
        between ??= [];
        formatTail ??= [];
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.ASCII, leaveOpen: true);
        writer.Write("RIFF"u8);
        writer.Write(riffSize ?? (uint)(28 + formatTail.Length + between.Length + 8 + data.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16 + formatTail.Length);
        writer.Write((short)tag);
        writer.Write((short)channels);
        writer.Write(rateHz);
        writer.Write(rateHz * channels * bits / 8);
        writer.Write((short)(blockAlign ?? (channels * bits / 8)));
        writer.Write((short)bits);
        writer.Write(formatTail);
        writer.Write(between);
        writer.Write("data"u8);
        writer.Write(dataSize ?? (uint)data.Length);
        writer.Write(data);
        return stream.ToArray();
    }

    public static byte[] S16(float[] samples)
    {
        var bytes = new byte[samples.Length * 2];
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)Math.Round(samples[i] * 32767));
        }

        return bytes;
    }

    /// <summary>Strength of one frequency, as an amplitude.</summary>
    public static double Amplitude(ReadOnlySpan<float> samples, double frequencyHz, int rateHz)
    {
        double re = 0, im = 0, weight = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            // A Blackman-Harris window keeps the leakage of one tone under -90 dB of another.
            var x = 2 * Math.PI * i / samples.Length;
            var window = 0.35875 - (0.48829 * Math.Cos(x)) + (0.14128 * Math.Cos(2 * x)) - (0.01168 * Math.Cos(3 * x));
            var angle = 2 * Math.PI * frequencyHz * i / rateHz;
            re += samples[i] * window * Math.Cos(angle);
            im += samples[i] * window * Math.Sin(angle);
            weight += window;
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / weight;
    }
}
