using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Results that are found again, with real processes: the same file at any router, the same audio in another file.</summary>
public sealed class CacheTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcriptions_SameFileOrSameAudio_IsHeardOnce()
    {
        await using var mesh = new Mesh(
            await RedisServer.StartNewAsync(Token), new Dictionary<string, string> { ["Router__ConfigurationPath"] = "" });
        mesh.StartRouter();
        var other = mesh.StartAnotherRouter();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        var folder = Directory.CreateTempSubdirectory("whispermesh-it-cache-").FullName;
        try
        {
            var wav = Recordings.Named("en-sorry.wav").Path;
            var flac = Path.Combine(folder, "en-sorry.flac");
            await Ffmpeg.ConvertAsync(wav, flac);

            var heard = await AskAsync(mesh.Http, wav);
            var again = await AskAsync(mesh.Http, wav);
            using var elsewhere = new HttpClient { BaseAddress = other.Http };
            var atAnotherRouter = await AskAsync(elsewhere, wav);
            var inAnotherFile = await AskAsync(mesh.Http, flac);

            (heard.Cache, again.Cache, atAnotherRouter.Cache, inAnotherFile.Cache).ShouldBe(("miss", "hit", "hit", "hit"), mesh.Logs());
            new[] { again.Body, atAnotherRouter.Body, inAnotherFile.Body }.ShouldAllBe(body => body == heard.Body);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Cache, string Body)> AskAsync(HttpClient http, string file)
    {
        using var form = HttpApi.Form(
            await File.ReadAllBytesAsync(file, Token), Path.GetFileName(file), ("response_format", "verbose_json"));
        using var response = await http.PostAsync("/v1/audio/transcriptions", form, Token);
        var body = await response.Content.ReadAsStringAsync(Token);
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        // Its id and its way are the request's own.
        var transcript = body.Split(",\"whispermesh\":{\"request_id\"")[0];
        return (string.Concat(response.Headers.GetValues("x-whispermesh-cache")), transcript);
    }
}
