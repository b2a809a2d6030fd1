using System.Runtime.InteropServices;

namespace WhisperMesh.Audio.Tests;

public sealed class RawSampleReaderTests
{
    public static TheoryData<AudioEncoding, int, int> Formats => new()
    {
        { AudioEncoding.PcmS16Le, 16_000, 1 },
        { AudioEncoding.PcmS16Le, 24_000, 1 },
        { AudioEncoding.PcmS16Le, 44_100, 2 },
        { AudioEncoding.PcmF32Le, 48_000, 2 },
        { AudioEncoding.PcmS24Le, 44_101, 1 },
        { AudioEncoding.MuLaw, 8_000, 1 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_InPiecesOfAnySize_GivesTheSameSamples(AudioEncoding encoding, int sampleRateHz, int channelCount)
    {
        var format = new AudioFormat(encoding, sampleRateHz, channelCount);
        var bytes = Noise(format, seconds: 1.5);
        var whole = ReadAll(new RawSampleReader(format), bytes, _ => bytes.Length);
        var random = new Random(3);

        var pieces = ReadAll(new RawSampleReader(format), bytes, _ => random.Next(1, 700));

        pieces.Length.ShouldBe(24_000);
        pieces.ShouldBe(whole);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_BegunAtAnySample_GivesTheSamplesOfTheWhole(AudioEncoding encoding, int sampleRateHz, int channelCount)
    {
        var format = new AudioFormat(encoding, sampleRateHz, channelCount);
        var bytes = Noise(format, seconds: 1);
        var whole = ReadAll(new RawSampleReader(format), bytes, _ => 640);

        foreach (var sample in (int[])[0, 1, 40, 7_777, 15_999])
        {
            var reader = new RawSampleReader(format, sample);
            reader.TimeOf(reader.Position).ShouldBeInRange(TimeSpan.FromSeconds((sample / 16_000.0) - 0.02), TimeSpan.FromSeconds(sample / 16_000.0));

            var rest = ReadAll(reader, bytes[(int)reader.Position..], _ => 640);

            rest.ShouldBe(whole[sample..]);
        }
    }

    [Fact]
    public void Read_BegunWithoutWhatBearsOnIt_DiffersInTheFirstMillisecondsOnly()
    {
        var format = new AudioFormat(AudioEncoding.PcmS16Le, 24_000, 1);
        var bytes = Noise(format, seconds: 1);
        var whole = ReadAll(new RawSampleReader(format), bytes, _ => 640);
        var reader = new RawSampleReader(format, 8_000, position: 24_000);
        reader.Position.ShouldBe(reader.LastPositionOf(8_000));

        var rest = ReadAll(reader, bytes[24_000..], _ => 640);

        rest.Length.ShouldBe(8_000);
        rest[100..].ShouldBe(whole[8_100..]);
        Should.Throw<ArgumentOutOfRangeException>(() => new RawSampleReader(format, 8_000, position: 24_002));
        Should.Throw<ArgumentOutOfRangeException>(() => new RawSampleReader(format, 8_000, position: 23_999));
    }

    [Fact]
    public void Position_CountsBytes_CutFramesIncluded()
    {
        using var reader = new RawSampleReader(new AudioFormat(AudioEncoding.PcmS16Le, 16_000, 2));

        reader.Read(new byte[7]).Length.ShouldBe(1);
        reader.Position.ShouldBe(7);
        reader.Read(new byte[1]).Length.ShouldBe(1);
        reader.TimeOf(reader.Position).ShouldBe(TimeSpan.FromMicroseconds(125));
        reader.PositionOf(16_000).ShouldBe(64_000);
    }

    [Fact]
    public void Create_FormatWithContainer_IsRefused() =>
        Should.Throw<AudioException>(() => new RawSampleReader(new AudioFormat(AudioEncoding.Wav)));

    private static float[] ReadAll(RawSampleReader reader, byte[] bytes, Func<int, int> size)
    {
        using (reader)
        {
            var samples = new List<float>();
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(size(at), bytes.Length - at);
                samples.AddRange(reader.Read(bytes.AsSpan(at, count)).Span);
                at += count;
            }

            samples.AddRange(reader.Complete().Span);
            return [.. samples];
        }
    }

    private static byte[] Noise(AudioFormat format, double seconds)
    {
        var random = new Random(5);
        var count = (int)(format.SampleRateHz * seconds) * format.ChannelCount;
        if (format.Encoding == AudioEncoding.PcmF32Le)
        {
            float[] samples = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
            return MemoryMarshal.AsBytes<float>(samples).ToArray();
        }

        var bytes = new byte[count * format.Encoding switch { AudioEncoding.MuLaw => 1, AudioEncoding.PcmS24Le => 3, _ => 2 }];
        random.NextBytes(bytes);
        return bytes;
    }
}
