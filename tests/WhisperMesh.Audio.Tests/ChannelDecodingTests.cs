using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Audio.Tests.Ffmpeg;

namespace WhisperMesh.Audio.Tests;

public sealed class ChannelDecodingTests
{
    private const int RateHz = 44_100;

    [Fact]
    public async Task DecodeChannelsAsync_Wav_GivesEachChannelItsOwnSamples()
    {
        var wav = AudioFixtures.Wav(1, 16, 16_000, 3, AudioFixtures.S16([0.1f, 0.2f, 0.3f, -0.1f, -0.2f, -0.3f]));

        var channels = await DecodeAsync(wav);

        channels.Length.ShouldBe(3);
        channels[0].ShouldBe([0.1f, -0.1f], 0.0001);
        channels[1].ShouldBe([0.2f, -0.2f], 0.0001);
        channels[2].ShouldBe([0.3f, -0.3f], 0.0001);
    }

    [Fact]
    public async Task DecodeChannelsAsync_LowFrequencyChannel_KeepsItsPlace()
    {
        byte[] tail = [22, 0, 16, 0, 0x0C, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        var wav = AudioFixtures.Wav(0xFFFE, 16, 16_000, 2, AudioFixtures.S16([0.5f, 0.9f, -0.5f, 0.9f]), formatTail: tail);

        var channels = await DecodeAsync(wav);

        channels.Length.ShouldBe(2);
        channels[1].ShouldBe([0.9f, 0.9f], 0.0001);
    }

    [Fact]
    public async Task DecodeChannelsAsync_OtherRate_GivesWhatEachChannelAloneWouldAndCountsTimeOnce()
    {
        var left = AudioFixtures.Tone(440, RateHz, 100_001);
        var right = AudioFixtures.Tone(1000, RateHz, 100_001, 0.2);
        var report = new AudioDecodeReport();

        var channels = await DecodeAsync(AudioFixtures.Wav(1, 16, RateHz, 2, AudioFixtures.S16(Interleave(left, right))), report: report);

        channels.ShouldBe([await AloneAsync(left), await AloneAsync(right)]);
        report.SampleCount.ShouldBe(36_282);
        report.Duration.TotalSeconds.ShouldBe(100_001.0 / RateHz, tolerance: 0.0001);
        report.SourceChannelCount.ShouldBe(2);
    }

    [Fact]
    public async Task DecodeChannelsAsync_Mono_GivesOneChannelAsDecodeAsyncDoes()
    {
        var bytes = await File.ReadAllBytesAsync(Media.Recording, TestContext.Current.CancellationToken);

        (await DecodeAsync(bytes)).ShouldHaveSingleItem().ShouldBe(await AudioFixtures.DecodeAsync(bytes));
    }

    [Fact]
    public async Task DecodeChannelsAsync_RawPcm_GivesTheDeclaredChannels()
    {
        var raw = AudioFixtures.S16([0.1f, 0.2f, -0.1f, -0.2f]);

        var channels = await DecodeAsync(raw, new AudioFormat(AudioEncoding.PcmS16Le, 16_000, 2));

        channels[1].ShouldBe([0.2f, -0.2f], 0.0001);
    }

    [Fact]
    public async Task DecodeChannelsAsync_TooManyChannels_SaysHowManyThereAreAndMayBe()
    {
        var wav = AudioFixtures.Wav(1, 16, 16_000, 9, new byte[18 * 100]);

        var error = await Should.ThrowAsync<AudioException>(() => DecodeAsync(wav));

        error.Reason.ShouldBe(AudioErrorReason.Unsupported);
        error.Message.ShouldContain("9 channels");
        error.Message.ShouldContain("at most 8");
        (await DecodeAsync(wav, options: new AudioDecoderOptions { MaxChannels = 9 })).Length.ShouldBe(9);
        (await AudioFixtures.DecodeAsync(wav)).Length.ShouldBe(100);
    }

    [Fact]
    public async Task DecodeChannelsAsync_AboveTheTimeLimit_IsRefusedByTheTimeOfOneChannel()
    {
        var wav = AudioFixtures.Wav(1, 16, 16_000, 4, new byte[8 * 15_000]);

        (await DecodeAsync(wav, options: new AudioDecoderOptions { MaxAudio = TimeSpan.FromSeconds(1) })).Length.ShouldBe(4);
        (await Should.ThrowAsync<AudioException>(
            () => DecodeAsync(wav, options: new AudioDecoderOptions { MaxAudio = TimeSpan.FromSeconds(0.9) })))
            .Reason.ShouldBe(AudioErrorReason.TooLong);
    }

    [Fact]
    public void DecodeChannelsAsync_AnyChunking_GivesTheSameSamples()
    {
        var wav = AudioFixtures.Wav(1, 24, 11_025, 2, [.. Enumerable.Range(0, 6006).Select(i => (byte)(i * 31))]);
        var whole = Decode(wav, int.MaxValue);

        Prop.ForAll(
            Gen.Choose(1, 900).NonEmptyListOf().ToArbitrary(),
            pieces => Decode(wav, [.. pieces]).Zip(whole).All(pair => pair.First.SequenceEqual(pair.Second)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public async Task DecodeChannelsAsync_FileReadByFfmpeg_GivesEachChannelItsOwnSamples()
    {
        using var media = new Media();
        var bytes = await media.MakeAsync(
            "two.flac", "-f", "lavfi", "-i", "sine=f=440:r=44100:d=1", "-f", "lavfi", "-i", "sine=f=1000:r=44100:d=1", "-filter_complex", "amerge");

        var channels = await DecodeAsync(bytes);

        channels.Length.ShouldBe(2);
        AudioFixtures.Amplitude(channels[0], 440, 16_000).ShouldBe(0.125, tolerance: 0.01);
        AudioFixtures.Amplitude(channels[0], 1000, 16_000).ShouldBe(0, tolerance: 0.001);
        AudioFixtures.Amplitude(channels[1], 1000, 16_000).ShouldBe(0.125, tolerance: 0.01);
        (await Should.ThrowAsync<AudioException>(() => DecodeAsync(bytes, options: new AudioDecoderOptions { MaxChannels = 1 })))
            .Reason.ShouldBe(AudioErrorReason.Unsupported);
    }

    private static float[] Interleave(float[] left, float[] right) => [.. left.Zip(right).SelectMany(pair => new[] { pair.First, pair.Second })];

    private static Task<float[]> AloneAsync(float[] samples) =>
        AudioFixtures.DecodeAsync(AudioFixtures.Wav(1, 16, RateHz, 1, AudioFixtures.S16(samples)));

    // All reads are answered at once, so the task is complete when it is returned.
    private static float[][] Decode(byte[] bytes, params int[] pieces) =>
        DecodeAsync(new TrickleStream(bytes, pieces)).GetAwaiter().GetResult();

    private static Task<float[][]> DecodeAsync(
        byte[] bytes, AudioFormat? declared = null, AudioDecodeReport? report = null, AudioDecoderOptions? options = null) =>
        DecodeAsync(new TrickleStream(bytes, int.MaxValue), declared, report, options);

    private static async Task<float[][]> DecodeAsync(
        Stream input, AudioFormat? declared = null, AudioDecodeReport? report = null, AudioDecoderOptions? options = null)
    {
        List<float>[] channels = [];
        var decoder = new AudioDecoder(options ?? new AudioDecoderOptions());
        await foreach (var blocks in decoder.DecodeChannelsAsync(input, declared, report, TestContext.Current.CancellationToken))
        {
            blocks[0].Length.ShouldBeInRange(1, AudioLimits.SpeechSampleRateHz);
            channels = channels.Length > 0 ? channels : [.. blocks.Select(_ => new List<float>())];
            blocks.Count.ShouldBe(channels.Length);
            for (var channel = 0; channel < channels.Length; channel++)
            {
                blocks[channel].Length.ShouldBe(blocks[0].Length);
                channels[channel].AddRange(blocks[channel].Span);
            }
        }

        return [.. channels.Select(channel => channel.ToArray())];
    }
}
