using System.Text;

namespace WhisperMesh.Audio.Tests.Ffmpeg;

public sealed class FfmpegDecodingTests : IDisposable
{
    private const double RecordingSeconds = 5.65;

    private readonly Media _media = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("whispermesh-spool-");

    public void Dispose()
    {
        var left = _temporary.GetFileSystemInfos();
        _media.Dispose();
        _temporary.Delete(recursive: true);
        left.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a.mp3")]
    [InlineData("a.m4a")]
    [InlineData("a.aac", "-f", "adts")]
    [InlineData("a.flac")]
    [InlineData("a.ogg", "-c:a", "libvorbis")]
    [InlineData("a.opus")]
    [InlineData("a.webm")]
    [InlineData("a.wav", "-c:a", "adpcm_ms")]
    public async Task DecodeAsync_CompressedSpeech_GivesItsLengthAndLoudness(string name, params string[] arguments)
    {
        var bytes = await _media.MakeAsync(name, ["-i", Media.Recording, .. arguments]);
        var report = new AudioDecodeReport();

        var (count, energy) = await DecodeAsync(new MemoryStream(bytes), report);

        (count / 16_000.0).ShouldBe(RecordingSeconds, tolerance: 0.15);
        var (_, original) = await DecodeAsync(File.OpenRead(Media.Recording), new AudioDecodeReport());
        (energy / original).ShouldBe(1, tolerance: 0.2);
        report.Warnings.ShouldBeEmpty();
        report.SourceSampleRateHz.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("v.mp4")]
    [InlineData("v.mov")]
    [InlineData("v.webm")]
    public async Task DecodeAsync_VideoWithSound_GivesTheSound(string name)
    {
        var bytes = await _media.MakeAsync(name, ["-f", "lavfi", "-i", "testsrc=d=5.65:s=64x64:r=5", "-i", Media.Recording, "-shortest"]);

        var report = new AudioDecodeReport();

        var (count, _) = await DecodeAsync(new MemoryStream(bytes), report);

        (count / 16_000.0).ShouldBe(RecordingSeconds, tolerance: 0.25);
        report.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task DecodeAsync_VideoWithoutSound_SaysSo()
    {
        var bytes = await _media.MakeAsync("v.mp4", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64:r=5");

        var error = await ErrorAsync(bytes);

        error.Reason.ShouldBe(AudioErrorReason.Unreadable);
        error.Message.ShouldContain("no sound");
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:/etc/passwd\n")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n")]
    public async Task DecodeAsync_ScriptThatNamesOtherFiles_IsRefusedUnread(string script) =>
        (await ErrorAsync(Encoding.ASCII.GetBytes(script))).Reason.ShouldBe(AudioErrorReason.Unreadable);

    [Fact]
    public async Task DecodeAsync_DamagedMp4_SaysSoWithoutPaths()
    {
        var error = await ErrorAsync([0, 0, 0, 24, .. "ftypM4A "u8, .. new byte[2000]]);

        error.Reason.ShouldBe(AudioErrorReason.Unreadable);
        error.Message.ShouldNotContain("/");
    }

    [Fact]
    public async Task DecodeAsync_SmallFileOfMuchAudio_IsStoppedAtTheLimit()
    {
        var bytes = await _media.MakeAsync("bomb.mp3", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=3600", "-b:a", "8k");
        var report = new AudioDecodeReport();

        var error = await Should.ThrowAsync<AudioException>(
            () => DecodeAsync(new MemoryStream(bytes), report, Options with { MaxAudio = TimeSpan.FromMinutes(1) }));

        error.Reason.ShouldBe(AudioErrorReason.TooLong);
        report.Duration.ShouldBeLessThan(TimeSpan.FromMinutes(1.1));
    }

    [Fact]
    public async Task DecodeAsync_WithoutFfmpeg_SaysWhatToInstall()
    {
        var bytes = await _media.MakeAsync("a.mp3", "-i", Media.Recording);

        var error = await Should.ThrowAsync<AudioException>(() => DecodeAsync(
            new MemoryStream(bytes), new AudioDecodeReport(), Options with { FfmpegPath = "no-such-ffmpeg" }));

        error.Reason.ShouldBe(AudioErrorReason.FfmpegMissing);
        error.Message.ShouldContain("Install ffmpeg 5");
    }

    [Fact]
    public async Task DecodeAsync_LittleMemory_FailsClearly()
    {
        var bytes = await _media.MakeAsync("a.flac", "-i", Media.Recording);

        await Should.ThrowAsync<AudioException>(() => DecodeAsync(
            new MemoryStream(bytes), new AudioDecodeReport(), Options with { MaxFfmpegMemoryBytes = 20L << 20 }));
    }

    [Fact]
    public async Task DecodeAsync_GivenUpHalfway_LeavesNoFile()
    {
        var bytes = await _media.MakeAsync("long.flac", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=600");
        await foreach (var _ in new AudioDecoder(Options).DecodeAsync(
            new MemoryStream(bytes), cancellationToken: TestContext.Current.CancellationToken))
        {
            _temporary.GetFiles().ShouldHaveSingleItem();
            break;
        }

        _temporary.GetFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task DecodeAsync_NoTimeForFfmpeg_TimesOut()
    {
        var bytes = await _media.MakeAsync("a.flac", "-i", Media.Recording);

        (await Should.ThrowAsync<AudioException>(() => DecodeAsync(
            new MemoryStream(bytes), new AudioDecodeReport(), Options with { MaxFfmpegTime = TimeSpan.Zero })))
            .Reason.ShouldBe(AudioErrorReason.TimedOut);
    }

    [Fact]
    public async Task DecodeAsync_CutFlac_GivesWhatIsThereAndWarns()
    {
        var bytes = await _media.MakeAsync("a.flac", "-f", "lavfi", "-i", "anoisesrc=d=4");
        var report = new AudioDecodeReport();

        var (count, _) = await DecodeAsync(new MemoryStream(bytes[..(bytes.Length / 2)]), report);

        count.ShouldBeInRange(20_000, 40_000);
        report.Warnings.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task DecodeAsync_AnotherRateThanDeclared_IsRefused()
    {
        var bytes = await _media.MakeAsync("a.mp3", "-i", Media.Recording);
        var decoder = new AudioDecoder(Options);

        var error = await Should.ThrowAsync<AudioException>(async () =>
        {
            await foreach (var _ in decoder.DecodeAsync(
                new MemoryStream(bytes), new AudioFormat(AudioEncoding.Unspecified, 8000), null, TestContext.Current.CancellationToken))
            {
            }
        });

        error.Reason.ShouldBe(AudioErrorReason.FormatMismatch);
    }

    [Fact]
    public async Task DecodeAsync_FilesOfDeadProcesses_AreRemoved()
    {
        var stale = Path.Combine(_temporary.FullName, $"whispermesh-audio-{int.MaxValue}-x");
        var reused = Path.Combine(_temporary.FullName, $"whispermesh-audio-{Environment.ProcessId}-x");
        await File.WriteAllTextAsync(stale, "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(reused, "", TestContext.Current.CancellationToken);

        await ErrorAsync([.. "fLaC"u8, .. new byte[500]]);

        File.Exists(stale).ShouldBeFalse();
        File.Exists(reused).ShouldBeFalse();
    }

    private AudioDecoderOptions Options => new() { TemporaryFolder = _temporary.FullName };

    private async Task<AudioException> ErrorAsync(byte[] bytes) =>
        await Should.ThrowAsync<AudioException>(() => DecodeAsync(new MemoryStream(bytes), new AudioDecodeReport()));

    private async Task<(long Count, double Energy)> DecodeAsync(Stream input, AudioDecodeReport report, AudioDecoderOptions? options = null)
    {
        await using var _ = input;
        double energy = 0;
        await foreach (var block in new AudioDecoder(options ?? Options).DecodeAsync(
            input, report: report, cancellationToken: TestContext.Current.CancellationToken))
        {
            energy += System.Numerics.Tensors.TensorPrimitives.SumOfSquares(block.Span);
        }

        return (report.SampleCount, energy);
    }
}
