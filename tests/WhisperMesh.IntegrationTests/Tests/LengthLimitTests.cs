using System.Net;
using Grpc.Core;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>A mesh whose workers take one minute of audio.</summary>
public sealed class LengthLimitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-it-files-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Transcribe_MoreAudioThanTheLimit_IsRefusedAndNothingIsLeft()
    {
        await using var mesh = new Mesh(await RedisServer.StartNewAsync(Token));
        mesh.StartRouter();
        var worker = mesh.StartTranscription(new Dictionary<string, string> { ["Transcription__MaxAudio"] = "00:01:00" });
        await mesh.Router.WaitUntilHealthyAsync();
        await worker.WaitUntilHealthyAsync();

        foreach (var audio in new[] { Recordings.Joined(minimumSeconds: 65), await SmallFileOfAnHourAsync() })
        {
            await ShouldBeRefusedAsync(mesh, audio);
        }

        await Eventually.HoldsAsync(
            () => Task.FromResult(worker.TemporaryFiles().Count == 0), TimeSpan.FromSeconds(5), () => string.Join(' ', worker.TemporaryFiles()));
    }

    private static async Task ShouldBeRefusedAsync(Mesh mesh, byte[] audio)
    {
        using var form = HttpApi.Form(audio, "a", ("model", "whisper-1"));
        using var response = await mesh.TranscribeAsync(form);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.ErrorAsync()).GetProperty("param").GetString().ShouldBe("file");

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => mesh.Client
            .TranscribeAsync(new MemoryStream(audio), cancellationToken: Token)
            .ToTranscriptAsync(cancellationToken: Token));
        exception.Status.ShouldBe(StatusCode.ResourceExhausted, exception.Message);
        exception.Reason.ShouldBe("AUDIO_TOO_LONG");
    }

    // Silence packs so well that a small upload can hold hours.
    private async Task<byte[]> SmallFileOfAnHourAsync()
    {
        var file = Path.Combine(_folder, "bomb.mp3");
        await Ffmpeg.ConvertAsync(
            Recordings.Named("en-sorry.wav").Path, file, "-af", "apad", "-t", "3600", "-ar", "8000", "-b:a", "8k");
        return await File.ReadAllBytesAsync(file, Token);
    }
}
