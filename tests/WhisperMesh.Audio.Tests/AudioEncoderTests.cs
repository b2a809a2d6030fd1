namespace WhisperMesh.Audio.Tests;

public sealed class AudioEncoderTests
{
    private const int RateHz = 22_050;
    private const int Blocks = 20;

    private readonly AudioEncoder _encoder = new(new AudioDecoderOptions());

    [Theory]
    [InlineData(AudioEncoding.Wav, RateHz)]
    [InlineData(AudioEncoding.Unspecified, RateHz)]
    [InlineData(AudioEncoding.Mp3, RateHz)]
    [InlineData(AudioEncoding.Opus, 24_000)]
    [InlineData(AudioEncoding.Flac, RateHz)]
    [InlineData(AudioEncoding.Aac, RateHz)]
    public async Task EncodeAsync_Tone_IsReadBackAsTheTone(AudioEncoding encoding, int expectedRateHz)
    {
        var bytes = await EncodeAsync(new AudioFormat(encoding));

        var report = new AudioDecodeReport();
        var samples = new List<float>();
        await foreach (var block in new AudioDecoder(new AudioDecoderOptions()).DecodeAsync(
            new MemoryStream(bytes), report: report, cancellationToken: TestContext.Current.CancellationToken))
        {
            samples.AddRange(block.Span);
        }

        // libopus always decodes at 48 kHz, whatever rate went in.
        report.SourceSampleRateHz.ShouldBe(encoding == AudioEncoding.Opus ? 48_000 : expectedRateHz);
        report.Duration.TotalSeconds.ShouldBe(2, tolerance: 0.15);
        CrossingsPerSecond(samples[4_000..28_000]).ShouldBe(880, tolerance: 20);
        (await _encoder.ResolveAsync(new AudioFormat(encoding), RateHz)).SampleRateHz.ShouldBe(expectedRateHz);
    }

    [Fact]
    public async Task EncodeAsync_PcmAtAnotherRate_HasExactlyItsLength() =>
        (await EncodeAsync(new AudioFormat(AudioEncoding.PcmS16Le, 24_000))).Length.ShouldBe(2 * 2 * 24_000);

    [Fact]
    public async Task EncodeAsync_CompressedFormat_GivesBytesBeforeTheSamplesEnd()
    {
        var firstBytes = new TaskCompletionSource();
        var format = new AudioFormat(AudioEncoding.Mp3);
        await foreach (var _ in _encoder.EncodeAsync(Held(), RateHz, format, TestContext.Current.CancellationToken))
        {
            firstBytes.TrySetResult();
        }

        firstBytes.Task.IsCompletedSuccessfully.ShouldBeTrue();

        async IAsyncEnumerable<ReadOnlyMemory<float>> Held()
        {
            await foreach (var block in ToneAsync())
            {
                yield return block;
            }

            await firstBytes.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task EncodeAsync_SamplesFail_FailureIsTheCallers()
    {
        var format = new AudioFormat(AudioEncoding.Mp3);
        await Should.ThrowAsync<InvalidTimeZoneException>(async () =>
        {
            await foreach (var _ in _encoder.EncodeAsync(Failing(), RateHz, format, TestContext.Current.CancellationToken))
            {
            }
        });

        static async IAsyncEnumerable<ReadOnlyMemory<float>> Failing()
        {
            await foreach (var block in ToneAsync())
            {
                yield return block;
                throw new InvalidTimeZoneException();
            }
        }
    }

    [Theory]
    [InlineData(AudioEncoding.PcmU8, 0, 0, AudioErrorReason.Unsupported)]
    [InlineData(AudioEncoding.Wav, 1_000, 0, AudioErrorReason.Unsupported)]
    [InlineData(AudioEncoding.Wav, 0, 2, AudioErrorReason.Unsupported)]
    [InlineData(AudioEncoding.Mp3, 96_000, 0, AudioErrorReason.Unsupported)]
    public async Task ResolveAsync_FormatThatCannotBeWritten_SaysWhy(AudioEncoding encoding, int rateHz, int channels, AudioErrorReason reason) =>
        (await Should.ThrowAsync<AudioException>(() => _encoder.ResolveAsync(new AudioFormat(encoding, rateHz, channels), RateHz)))
            .Reason.ShouldBe(reason);

    [Fact]
    public async Task ResolveAsync_WithoutFfmpeg_RefusesWhatNeedsIt()
    {
        var encoder = new AudioEncoder(new AudioDecoderOptions { FfmpegPath = "no-such-ffmpeg" });

        (await Should.ThrowAsync<AudioException>(() => encoder.ResolveAsync(new AudioFormat(AudioEncoding.Mp3), RateHz)))
            .Reason.ShouldBe(AudioErrorReason.FfmpegMissing);
        (await encoder.ResolveAsync(new AudioFormat(AudioEncoding.Wav), RateHz)).SampleRateHz.ShouldBe(RateHz);
    }

    private async Task<byte[]> EncodeAsync(AudioFormat format)
    {
        var bytes = new MemoryStream();
        await foreach (var block in _encoder.EncodeAsync(ToneAsync(), RateHz, format, TestContext.Current.CancellationToken))
        {
            bytes.Write(block.Span);
        }

        return bytes.ToArray();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> ToneAsync()
    {
        const int PerBlock = 2 * RateHz / Blocks;
        for (var block = 0; block < Blocks; block++)
        {
            await Task.Yield();
            yield return Enumerable.Range(block * PerBlock, PerBlock)
                .Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 440 * i / RateHz)).ToArray();
        }
    }

    private static double CrossingsPerSecond(List<float> samples) =>
        samples.Zip(samples.Skip(1)).Count(pair => (pair.First < 0) != (pair.Second < 0)) / (samples.Count / 16_000.0);
}
