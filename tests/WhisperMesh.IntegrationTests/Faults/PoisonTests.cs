using System.Net;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Audio that every worker dies of.</summary>
public sealed class PoisonTests
{
    private const int Deaths = 3;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>F04, F05: a request is tried once more when its worker crashes; audio that three workers crashed with is refused by its hash, and costs no fourth.</summary>
    [Fact]
    public async Task AudioThatThreeWorkersCrashWith_IsRefusedFromThenOn()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: Deaths);
        var poison = BrokenMesh.Fresh(Recordings.Joined(minimumSeconds: 240));
        var crashing = CrashAsync(mesh);

        var replies = new List<(HttpStatusCode Status, string Body)>();
        do
        {
            replies.Add(await PostAsync(mesh, poison));
        }
        while (replies[^1].Status == HttpStatusCode.ServiceUnavailable && replies.Count < Deaths);
        await crashing.WaitAsync(Bound, Token);

        ShouldBeRefused(replies[^1], poison);
        mesh.Router.Process.HasExited.ShouldBeFalse();
        mesh.Transcription.RemoveAll(worker => worker.Process.HasExited).ShouldBe(Deaths);
        var fresh = mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        ShouldBeRefused(await PostAsync(mesh, poison), poison);
        await mesh.Router.ShouldTranscribeAsync();
        fresh.Process.HasExited.ShouldBeFalse();
    }

    private static void ShouldBeRefused((HttpStatusCode Status, string Body) reply, byte[] poison)
    {
        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Body);
        reply.Body.ShouldContain("audio_refused");
        reply.Body.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(poison)));
    }

    /// <summary>Crashes each worker that begins to work, until three are gone.</summary>
    private static async Task CrashAsync(Mesh mesh)
    {
        for (var i = 0; i < Deaths; i++)
        {
            MeshService? working = null;
            await Eventually.HoldsAsync(async () => (working = await WorkingAsync(mesh)) is not null, Bound, mesh.Logs);
            await working!.Process.CrashAsync();
            (await working.Process.WaitForExitAsync(Bound)).ShouldNotBe(0);
        }
    }

    private static async Task<MeshService?> WorkingAsync(Mesh mesh)
    {
        foreach (var worker in mesh.Transcription.Where(worker => !worker.Process.HasExited))
        {
            using var channel = GrpcChannel.ForAddress(worker.Grpc);
            try
            {
                var reply = await new WorkerService.WorkerServiceClient(channel).GetLoadAsync(new GetLoadRequest(), cancellationToken: Token);
                if (reply.Load.ActiveRequestCount > 0)
                {
                    return worker;
                }
            }
            catch (RpcException)
            {
                // It is ending.
            }
        }

        return null;
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(Mesh mesh, byte[] audio)
    {
        using var form = HttpApi.Form(audio, "a.wav", ("model", "whisper-1"), ("language", "en"));
        using var response = await mesh.TranscribeAsync(form);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
