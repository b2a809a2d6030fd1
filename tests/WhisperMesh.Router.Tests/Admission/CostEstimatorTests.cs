using Microsoft.Extensions.Options;
using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Admission;

public sealed class CostEstimatorTests
{
    private readonly AudioSpool _spool = new(Options.Create(new RouterOptions()));
    private readonly CostEstimator _costs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MeasureAsync_WholeWav_IsExact()
    {
        using var audio = await SpoolAsync(Wav(16_000, 2, seconds: 3), complete: true);

        var work = (await MeasureAsync(audio)).ToWork();

        (work.AudioSeconds, work.Complete).ShouldBe((3, true));
    }

    [Fact]
    public async Task MeasureAsync_WavStillComes_BelievesTheHeaderThatPromisesMore()
    {
        using var audio = await SpoolAsync(Wav(16_000, 2, seconds: 60)[..4000], complete: false);

        var work = (await MeasureAsync(audio)).ToWork();

        (work.AudioSeconds, work.Complete).ShouldBe((60, false));
    }

    [Fact]
    public async Task MeasureAsync_WavCutShort_CountsWhatIsThere()
    {
        using var audio = await SpoolAsync(Wav(16_000, 2, seconds: 60)[..(44 + 32_000)], complete: true);

        (await MeasureAsync(audio)).ToWork().AudioSeconds.ShouldBe(1);
    }

    [Fact]
    public async Task MeasureAsync_StreamedWavWithoutLength_CountsWhatIsThere()
    {
        var wav = Wav(8_000, 1, seconds: 30);
        BitConverter.GetBytes(uint.MaxValue).CopyTo(wav, 40);
        using var audio = await SpoolAsync(wav, complete: true);

        (await MeasureAsync(audio)).ToWork().AudioSeconds.ShouldBe(30);
    }

    [Fact]
    public async Task MeasureAsync_RawSamplesThatHaveOnlyBegun_AreAtLeastTheUsualLength()
    {
        using var audio = await SpoolAsync(new byte[320], complete: false);
        var format = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 };

        var work = (await MeasureAsync(audio, format)).ToWork();
        work.AudioSeconds.ShouldBe(PredictedWork.UnknownAudioSeconds);

        work.AtLeast(40);
        work.AtLeast(30);
        work.AudioSeconds.ShouldBe(40);
    }

    [Fact]
    public async Task Learn_WorkersFindAnotherBitRate_EstimatesFollow()
    {
        byte[] mp3 = [.. "ID3"u8, .. new byte[79_997]];
        using var first = await SpoolAsync(mp3, complete: true);
        var measure = await MeasureAsync(first);
        measure.ToWork().AudioSeconds.ShouldBe(5);
        for (var i = 0; i < 60; i++)
        {
            measure.Learn(TimeSpan.FromSeconds(10));
        }

        (await MeasureAsync(first)).ToWork().AudioSeconds.ShouldBe(10, 0.1);
        using var other = await SpoolAsync([.. "OggS"u8, .. new byte[59_996]], complete: true);
        (await MeasureAsync(other)).ToWork().AudioSeconds.ShouldBe(10);
    }

    [Fact]
    public void Learn_SpeechIsSlower_TextsCostMore()
    {
        var request = new SynthesizeRequest { Text = new string('a', 150) };
        _costs.Of(request).AudioSeconds.ShouldBe(10, 1e-9);
        for (var i = 0; i < 60; i++)
        {
            _costs.Learn(request, TimeSpan.FromSeconds(20));
        }

        _costs.Of(request).AudioSeconds.ShouldBe(20, 0.1);
        _costs.Of(new SynthesizeRequest { Text = request.Text, Speed = 2 }).AudioSeconds.ShouldBe(10, 0.1);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFB, 0x90, 0x00 }, "Mp3")]
    [InlineData(new byte[] { 0xFF, 0xF1, 0x50, 0x80 }, "Aac")]
    [InlineData(new byte[] { 0x1A, 0x45, 0xDF, 0xA3 }, "WebM")]
    [InlineData(new byte[] { 0, 0, 0, 32, (byte)'f', (byte)'t', (byte)'y', (byte)'p' }, "Mp4")]
    [InlineData(new byte[] { (byte)'f', (byte)'L', (byte)'a', (byte)'C' }, "Flac")]
    [InlineData(new byte[] { 1 }, "Unknown")]
    [InlineData(new byte[0], "Unknown")]
    public void Of_FirstBytes_TellTheContainer(byte[] header, string container) =>
        AudioContainers.Of(header).ToString().ShouldBe(container);

    [Fact]
    public void Read_AnyHeader_EndsWell()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var wav = Wav(16_000, 2, seconds: 1)[..200];
            wav[random.Next(12, 60)] = (byte)random.Next(256);
            var (rate, start, bytes) = WavLength.Read(wav.AsSpan(0, random.Next(0, 200)));
            (rate >= 0 && start >= 0 && bytes >= -1).ShouldBeTrue();
        }
    }

    private async Task<AudioMeasure> MeasureAsync(SpoolFile audio, AudioFormat? format = null) => await _costs.MeasureAsync(
        new TranscriptionJob
        {
            Config = new TranscriptionConfig { AudioFormat = format },
            Audio = audio,
            Origin = new RequestOrigin { RequestId = "r" },
        },
        Token);

    private async Task<SpoolFile> SpoolAsync(byte[] bytes, bool complete)
    {
        var audio = _spool.Create();
        await audio.AppendAsync(bytes, Token);
        if (complete)
        {
            audio.Complete();
        }

        return audio;
    }

    private static byte[] Wav(int rate, int width, int seconds)
    {
        var data = rate * width * seconds;
        return
        [
            .. "RIFF"u8, .. BitConverter.GetBytes(36 + data), .. "WAVEfmt "u8, .. BitConverter.GetBytes(16),
            1, 0, 1, 0, .. BitConverter.GetBytes(rate), .. BitConverter.GetBytes(rate * width), (byte)width, 0, (byte)(8 * width), 0,
            .. "data"u8, .. BitConverter.GetBytes(data), .. new byte[data],
        ];
    }
}
