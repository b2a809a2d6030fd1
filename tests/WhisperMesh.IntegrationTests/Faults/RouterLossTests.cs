using StackExchange.Redis;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Any number of routers, no leader.</summary>
public sealed class RouterLossTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Promise (F10): each router serves any request, and when one is killed, what was under way through it is had by asking another
    // again, with the same request id; the work for the dead one stops.
    [Fact]
    public async Task Router_KilledWithARequest_SameIdAtTheOtherIsServed()
    {
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        var other = mesh.StartAnotherRouter();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(mesh.Redis.ConnectionString);
        await mesh.Router.ShouldTranscribeAsync();
        await Eventually.HoldsAsync(() => KnowsTheWorkerAsync(other), Bound, () => other.Process.Log);
        await other.ShouldTranscribeAsync();

        var lost = PostAsync(mesh.Router, Recordings.Joined(minimumSeconds: 240));
        await Eventually.HoldsAsync(async () => await Leases.ActiveRequestsAsync(redis) == 1, Bound, mesh.Logs);
        await mesh.Router.Process.KillAsync();
        await Should.ThrowAsync<HttpRequestException>(lost);
        await Eventually.HoldsAsync(async () => await Leases.ActiveRequestsAsync(redis) == 0, Bound, mesh.Logs);

        using var response = await PostAsync(other, await File.ReadAllBytesAsync(FaultMesh.Short.Path, Token));
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Token));
        response.Headers.GetValues("x-request-id").ShouldHaveSingleItem().ShouldBe("twice-1");
    }

    private static async Task<HttpResponseMessage> PostAsync(MeshService router, byte[] audio)
    {
        using var http = new HttpClient { BaseAddress = router.Http, Timeout = TimeSpan.FromMinutes(1) };
        using var form = HttpApi.Form(audio, "a.wav", ("model", "whisper-1"), ("language", "en"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Add("x-request-id", "twice-1");
        return await http.SendAsync(request, Token);
    }

    private static async Task<bool> KnowsTheWorkerAsync(MeshService router)
    {
        using var http = new HttpClient { BaseAddress = router.Http };
        return (await http.GetStringAsync("/v1/models", Token)).Contains("whisper-base", StringComparison.Ordinal);
    }
}
