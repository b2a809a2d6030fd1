using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Faults;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Requests.V1;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What became of real requests through real processes, one of which is killed.</summary>
public sealed class ExplainTests
{
    private const string AdminKey = "an-admin-key-of-more-than-32-characters";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A killed worker: both tries are told, at the request's own router, at another, and by the command line; not to another tenant.</summary>
    [Fact]
    public async Task Explain_WorkerKilledInMidFile_TellsBothTriesEverywhereButToOthers()
    {
        var environment = new Dictionary<string, string>
        {
            ["Transcription__Window"] = "00:00:06",
            ["Router__Keys__BootstrapAdminKey"] = AdminKey,
        };
        await using var mesh = new Mesh(await RedisServer.StartNewAsync(Token), environment);
        mesh.StartRouter();
        var other = mesh.StartAnotherRouter();
        var guarded = mesh.StartAnotherRouter(new Dictionary<string, string> { ["Router__Keys__Required"] = "true" });
        mesh.StartTranscription();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();

        var heard = await mesh.HearAsync(Recordings.Joined(minimumSeconds: 60), then: worker => worker.Process.KillAsync());
        var id = heard.Summary.RequestId;
        var here = await UntilToldAsync(mesh.Router, id);
        var there = await UntilToldAsync(other, id);

        here.Line.State.ShouldBe(RequestState.Served);
        here.Attempts.Select(attempt => attempt.Outcome).ShouldBe(["died", "served"]);
        here.Attempts[0].WorkerId.ShouldNotBe(here.Attempts[1].WorkerId);
        here.Attempts[1].ResumeOffset.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        here.Choices[1].Workers.ShouldContain(worker => worker.WorkerId == here.Attempts[0].WorkerId && !worker.Chosen);
        here.Stages.Select(stage => stage.Name).ShouldContain("attempt");
        here.Timings.Encoder.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        here.Segments.Count.ShouldBe(heard.Segments.Count);
        here.Segments.ShouldAllBe(segment => segment.Verdict != SegmentVerdict.Unspecified && segment.TokenCount > 0);
        here.RealTimeFactor.ShouldBeGreaterThan(0);
        there.ShouldBe(here);

        // The tenant of an open mesh is no tenant of the router that asks for keys.
        using var foreign = await GetAsync(guarded, id, await CreateKeyAsync(guarded, "one"));
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var keeper = await GetAsync(guarded, id, await CreateKeyAsync(guarded, "staff", "operate"));
        keeper.StatusCode.ShouldBe(HttpStatusCode.OK);

        await using var command = ServiceProcess.Start(
            "explain", Repository.Program("WhisperMesh.Cli", "whispermesh"), null, "explain", id, "--server", other.Grpc.ToString());
        (await command.WaitForExitAsync(Bound)).ShouldBe(0, command.Log);
        command.Log.ShouldContain("died");
        command.Log.ShouldContain("Scores by piece of text");
        command.Log.ShouldContain(here.Attempts[0].WorkerId);
    }

    private static async Task<RequestRecord> UntilToldAsync(MeshService router, string id)
    {
        await using var client = new WhisperMeshClient(router.Grpc);
        RequestRecord? record = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    record = await client.ExplainAsync(id, Token);
                    return record.Line.State != RequestState.Running;
                }
                catch (WhisperMeshException exception) when (exception.Reason == "REQUEST_NOT_FOUND")
                {
                    return false;
                }
            },
            Bound,
            () => router.Process.Log);
        return record!;
    }

    private static async Task<HttpResponseMessage> GetAsync(MeshService router, string id, string key)
    {
        using var http = new HttpClient { BaseAddress = router.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return await http.GetAsync($"/v1/requests/{id}", Token);
    }

    private static async Task<string> CreateKeyAsync(MeshService router, string tenant, params string[] scopes)
    {
        using var http = new HttpClient { BaseAddress = router.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        object body = scopes.Length > 0 ? new { tenant, scopes } : new { tenant };
        using var response = await http.PostAsJsonAsync("/v1/admin/keys", body, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement.GetProperty("key").GetString()!;
    }
}
