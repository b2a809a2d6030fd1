using System.Diagnostics;
using System.Net;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>A model whose file comes as slowly as the test wants: through a pipe.</summary>
public sealed class ColdModelTests : IDisposable
{
    private const string Encoder = "encoder.onnx";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly string Real = Path.Combine(Repository.Root, "models", "whisper-base");

    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-it-cold-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Pipe => Path.Combine(_folder, Encoder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Promise (F32): a model that takes long to load holds up neither the worker nor other models; who asks for it waits as long as
    // Transcription:ModelLoadTimeout says, then gets 503 with Retry-After; all who ask share one load, and are served when it is done.
    [Fact]
    public async Task Model_LoadsForLong_CallersAreToldAndShareOneLoad()
    {
        await CreateModelAsync();
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        mesh.StartTranscription(new Dictionary<string, string>
        {
            ["Transcription__Models__0__Name"] = "whisper-base",
            ["Transcription__Models__0__Path"] = Real,
            ["Transcription__Models__0__Default"] = "true",
            ["Transcription__Models__1__Name"] = "slow",
            ["Transcription__Models__1__Path"] = _folder,
            ["Transcription__ModelLoadTimeout"] = Numbers.Of("00:00:01", "00:01:00"),
        });
        await mesh.Transcription[0].WaitUntilHealthyAsync();
        await Eventually.HoldsAsync(async () => await mesh.WorkerCountAsync() == 2, Bound, mesh.Logs);

        await MakeSlowAsync();
        foreach (var response in await Task.WhenAll(PostAsync(mesh), PostAsync(mesh), PostAsync(mesh)))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, await response.Content.ReadAsStringAsync(Token));
            response.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
            response.Dispose();
        }

        await mesh.Router.ShouldTranscribeAsync(("model", "whisper-base"));
        (await mesh.Transcription[0].IsHealthyAsync()).ShouldBeTrue();

        // The model takes two minutes in all: the callers above have waited for one of them.
        await Task.Delay(Numbers.Of(TimeSpan.Zero, TimeSpan.FromMinutes(1)), Token);
        await LetItLoadAsync().WaitAsync(Bound, Token);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await PostAsync(mesh);
                return response.IsSuccessStatusCode;
            },
            Bound,
            mesh.Logs);
        int Loads() => mesh.Transcription[0].Process.Log.Split("Model slow is loaded").Length - 1;
        await Eventually.HoldsAsync(() => Loads() > 0, Bound, mesh.Logs);
        Loads().ShouldBe(1, mesh.Logs());
    }

    private static async Task<HttpResponseMessage> PostAsync(Mesh mesh)
    {
        using var form = HttpApi.Form(
            await File.ReadAllBytesAsync(FaultMesh.Short.Path, Token), "a.wav", ("model", "slow"), ("language", "en"));
        return await mesh.TranscribeAsync(form);
    }

    /// <summary>The real model, but for its encoder; its hash makes the worker read that to the end before it loads.</summary>
    private async Task CreateModelAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Real))
        {
            File.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(file)), file);
        }

        var sums = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "models", "SHA256SUMS"), Token);
        var sum = sums.Single(line => line.EndsWith($"whisper-base/{Encoder}", StringComparison.Ordinal)).Split(' ')[0];
        await File.WriteAllTextAsync(Path.Combine(_folder, "SHA256SUMS"), $"{sum}  {Encoder}\n", Token);
    }

    // Once the worker runs: at its start it reads all files, for their hash.
    private async Task MakeSlowAsync()
    {
        File.Delete(Pipe);
        using var mkfifo = Process.Start("mkfifo", [Pipe]);
        await mkfifo.WaitForExitAsync(Token);
    }

    /// <summary>Sends the file through the pipe once, and puts the real one in its place for the load that follows.</summary>
    private async Task LetItLoadAsync()
    {
        // Opening waits for the worker, which waits for us.
        await using var pipe = await Task.Run(() => new FileStream(Pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), Token);
        File.Delete(Pipe);
        File.CreateSymbolicLink(Pipe, Path.Combine(Real, Encoder));
        await using var real = File.OpenRead(Path.Combine(Real, Encoder));
        await real.CopyToAsync(pipe, Token);
    }
}
