using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Files that ffmpeg reads for a worker.</summary>
[Collection(StandardMesh.Collection)]
public sealed class ContainerTests(StandardMesh standard) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-it-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.mp3")]
    [InlineData("a.flac")]
    [InlineData("a.ogg")]
    [InlineData("a.webm")]
    [InlineData("a.m4a")]
    [InlineData("a.mp4", "-f", "lavfi", "-i", "color=c=black:s=64x64:r=5", "-shortest")]
    [InlineData("a.mov", "-f", "lavfi", "-i", "color=c=black:s=64x64:r=5", "-shortest")]
    public async Task Transcriptions_Container_IsHeard(string name, params string[] options)
    {
        var recording = Recordings.Named("en-vm-intro.wav");
        var file = Path.Combine(_folder, name);
        await Ffmpeg.ConvertAsync(recording.Path, file, options);

        var heard = await standard.Mesh.TextOfAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), name);

        WordErrorRate.Errors(recording.Text, heard).ShouldBeLessThanOrEqualTo(2, heard);
    }

    [Fact]
    public async Task Transcriptions_M4aWithItsIndexAtTheEnd_IsHeard()
    {
        var recording = Recordings.Named("en-vm-intro.wav");
        var file = Path.Combine(_folder, "tail.m4a");
        await Ffmpeg.ConvertAsync(recording.Path, file);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes.AsSpan().IndexOf("moov"u8).ShouldBeGreaterThan(bytes.AsSpan().IndexOf("mdat"u8));

        var heard = await standard.Mesh.TextOfAsync(bytes, "tail.m4a");

        WordErrorRate.Errors(recording.Text, heard).ShouldBeLessThanOrEqualTo(2, heard);
    }

    [Fact]
    public async Task Transcriptions_VideoWithoutSound_SaysSo()
    {
        var file = Path.Combine(_folder, "mute.mp4");
        await Ffmpeg.ConvertAsync(Recordings.Named("en-sorry.wav").Path, file, "-f", "lavfi", "-i", "color=c=black:s=64x64:r=5", "-t", "1", "-map", "1:v");
        using var form = HttpApi.Form(
            await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), "mute.mp4", ("model", "whisper-1"));

        using var response = await standard.Mesh.TranscribeAsync(form);

        ((int)response.StatusCode).ShouldBe(400);
        var error = await response.ErrorAsync();
        error.GetProperty("param").GetString().ShouldBe("file");
        error.GetProperty("message").GetString()!.ToLowerInvariant().ShouldMatch("sound|audio");
    }
}
