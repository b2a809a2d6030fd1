using FsCheck;
using FsCheck.Fluent;

namespace WhisperMesh.Audio.Tests;

/// <summary>What holds for any bytes at all.</summary>
public sealed class WavPropertyTests
{
    private static readonly AudioDecoderOptions Small = new() { MaxAudio = TimeSpan.FromMinutes(1), FfmpegPath = "no-such-ffmpeg" };

    [Fact]
    public void DecodeAsync_AnyBytesBehindTheRiffHeader_EndInSamplesOrAnAudioException() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => EndsWell([.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. bytes]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void DecodeAsync_MutatedFile_EndsInSamplesOrAnAudioException()
    {
        var wav = AudioFixtures.Wav(
            1, 16, 22_050, 2, AudioFixtures.S16(AudioFixtures.Tone(440, 22_050, 4000)), between: [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0]);
        var mutations = (from at in Gen.Choose(0, 60) from value in Gen.Choose(0, 255) select (at, value)).ArrayOf();

        Prop.ForAll(mutations.ToArbitrary(), changes =>
        {
            var mutated = (byte[])wav.Clone();
            foreach (var (at, value) in changes)
            {
                mutated[at] = (byte)value;
            }

            return EndsWell(mutated);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void DecodeAsync_AnyChunking_GivesTheSameSamples()
    {
        var wav = AudioFixtures.Wav(1, 24, 11_025, 2, [.. Enumerable.Range(0, 6006).Select(i => (byte)(i * 31))]);
        var whole = Decode(wav, int.MaxValue)!;

        Prop.ForAll(Gen.Choose(1, 900).NonEmptyListOf().ToArbitrary(), pieces => Decode(wav, [.. pieces])!.SequenceEqual(whole))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    private static bool EndsWell(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var samples = Decode(bytes, int.MaxValue);

        // However large the sizes that the bytes claim: what is allocated is bounded by what is there.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
        return samples is null || samples.All(float.IsFinite);
    }

    private static float[]? Decode(byte[] bytes, params int[] pieces)
    {
        try
        {
            // All reads are answered at once, so the task is complete when it is returned.
            return AudioFixtures.DecodeAsync(new TrickleStream(bytes, pieces), options: Small).GetAwaiter().GetResult();
        }
        catch (AudioException)
        {
            return null;
        }
    }
}
