using System.Net;
using Grpc.Core;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>A mesh that lacks workers, and then one that lacks ffmpeg.</summary>
public sealed class WithoutTests
{
    private static readonly Recording Recording = Recordings.Named("en-conf-onlyone.wav");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoWorkers_ThenWorkersWithoutFfmpeg_RefuseWhatTheyCannotDo()
    {
        await using var mesh = new Mesh(await RedisServer.StartNewAsync(Token));
        mesh.StartRouter(new Dictionary<string, string> { ["Router__MaxUploadBytes"] = "1000000" });
        await mesh.Router.WaitUntilHealthyAsync();
        await ShouldHaveNoWorkerAsync(mesh);

        mesh.StartTranscription(new Dictionary<string, string> { ["Transcription__FfmpegPath"] = "/nonexistent/ffmpeg" });
        mesh.StartSynthesis(new Dictionary<string, string> { ["Synthesis__FfmpegPath"] = "/nonexistent/ffmpeg" });
        await mesh.WaitUntilReadyAsync();
        await ShouldNeedFfmpegAsync(mesh);
        await ShouldDoWithoutFfmpegAsync(mesh);
        await ShouldRefuseALargeUploadAsync(mesh);
    }

    private static async Task ShouldHaveNoWorkerAsync(Mesh mesh)
    {
        using var form = HttpApi.Form(await File.ReadAllBytesAsync(Recording.Path, Token), "a.wav", ("model", "whisper-1"));
        using var response = await mesh.TranscribeAsync(form).WaitAsync(TimeSpan.FromSeconds(5), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        await response.ErrorAsync();

        using var speech = await mesh.SpeakAsync(new { model = "tts-1", voice = "alloy", input = "Hello." });
        speech.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        speech.Headers.RetryAfter.ShouldNotBeNull();

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => mesh.Client
            .TranscribeAsync(Stream.Null, cancellationToken: Token)
            .ToTranscriptAsync(cancellationToken: Token));
        exception.Status.ShouldBe(StatusCode.Unavailable, exception.Message);
        exception.RetryAfter.ShouldNotBeNull();
        exception.IsUnreachable.ShouldBeFalse();
    }

    private static async Task ShouldNeedFfmpegAsync(Mesh mesh)
    {
        // Looks like an mp3, which is as far as anyone gets without ffmpeg.
        var mp3 = new byte[2000];
        "ID3"u8.CopyTo(mp3);
        using var form = HttpApi.Form(mp3, "a.mp3", ("model", "whisper-1"));
        using var response = await mesh.TranscribeAsync(form);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorAsync()).GetProperty("message").GetString()!.ShouldContain("ffmpeg");

        using var speech = await mesh.SpeakAsync(new { model = "tts-1", voice = "alloy", input = "Hello.", response_format = "mp3" });
        speech.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await speech.ErrorAsync()).GetProperty("message").GetString()!.ShouldContain("ffmpeg");
    }

    private static async Task ShouldDoWithoutFfmpegAsync(Mesh mesh)
    {
        var heard = await mesh.TextOfAsync(await File.ReadAllBytesAsync(Recording.Path, Token), "a.wav");
        WordErrorRate.Errors(Recording.Text, heard).ShouldBeLessThanOrEqualTo(1, heard);
        foreach (var format in new[] { "wav", "pcm" })
        {
            using var speech = await mesh.SpeakAsync(new { model = "tts-1", voice = "alloy", input = "Hello.", response_format = format });
            speech.StatusCode.ShouldBe(HttpStatusCode.OK, await speech.Content.ReadAsStringAsync(Token));
            (await speech.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBeGreaterThan(10_000);
        }
    }

    private static async Task ShouldRefuseALargeUploadAsync(Mesh mesh)
    {
        var audio = Recordings.Joined(minimumSeconds: 40);
        using var form = HttpApi.Form(audio, "a.wav", ("model", "whisper-1"));
        using var response = await mesh.TranscribeAsync(form);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await response.ErrorAsync();

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => mesh.Client
            .TranscribeAsync(new MemoryStream(audio), cancellationToken: Token)
            .ToTranscriptAsync(cancellationToken: Token));
        exception.Status.ShouldBe(StatusCode.ResourceExhausted, exception.Message);
    }
}
