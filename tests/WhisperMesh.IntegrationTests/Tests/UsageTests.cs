using System.Net.Http.Json;
using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Usage over the death of routers and of Redis, with real processes.</summary>
public sealed class UsageTests : IDisposable
{
    private const string AdminKey = "an-admin-key-of-more-than-32-characters";
    private const string Sentence = "Hello.";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _journal = Directory.CreateTempSubdirectory("whispermesh-it-usage-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_journal, recursive: true);
    }

    /// <summary>Promise: a router that is killed under load loses no request from the usage that a caller has had answered, and doubles none.</summary>
    [Fact]
    public async Task Usage_RouterKilledUnderLoadAndStartedAgain_HasEveryAnsweredRequestOnce()
    {
        await using var mesh = new Mesh(await RedisServer.StartNewAsync(Token));
        mesh.StartSynthesis();
        mesh.StartRouter(Environment(keys: true));
        await mesh.WaitUntilListeningAsync();
        var key = await CreateKeyAsync(mesh);
        await UntilServedAsync(mesh, key);
        var before = await RequestsAsync(mesh, key);
        before.ShouldBe(1);

        var answered = 0;
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var unknown = 0;
            while (!killed.Task.IsCompleted)
            {
                if (await TrySpeakAsync(mesh.Router, key))
                {
                    if (Interlocked.Increment(ref answered) == 8)
                    {
                        killed.SetResult();
                    }
                }
                else
                {
                    unknown++;
                }
            }

            return unknown;
        }).ToList();
        await killed.Task.WaitAsync(Bound, Token);

        // The others are in mid-request.
        await mesh.Router.Process.KillAsync();
        var unanswered = (await Task.WhenAll(callers).WaitAsync(Bound, Token)).Sum();
        var counted = answered;

        mesh.RestartRouter(Environment(keys: true));
        await mesh.WaitUntilListeningAsync();
        await UntilServedAsync(mesh, key);

        // One before, one after, and of those that got no answer each at most once.
        var requests = await RequestsAsync(mesh, key);
        requests.ShouldBeInRange(counted + 2, counted + 2 + unanswered);
        (await UsageAsync(mesh, key)).GetProperty("total").GetProperty("characters").GetInt64().ShouldBe(requests * Sentence.Length);
    }

    /// <summary>Promise: what was used while Redis was gone is written when it is back, even by another router after a crash.</summary>
    [Fact]
    public async Task Usage_RedisGoneAndRouterKilled_IsWrittenFromTheJournal()
    {
        await using var mesh = new Mesh(await RedisServer.StartNewAsync(Token));
        mesh.StartSynthesis();
        mesh.StartRouter(Environment(keys: false));
        await mesh.WaitUntilListeningAsync();
        await UntilServedAsync(mesh, null);
        await mesh.Redis.KillAsync();
        for (var i = 0; i < 3; i++)
        {
            (await TrySpeakAsync(mesh.Router, null)).ShouldBeTrue(mesh.Logs());
        }

        await mesh.Router.Process.KillAsync();

        // Empty: what it comes to know of the three is from the journal.
        await mesh.Redis.StartAsync(Token);
        mesh.RestartRouter(Environment(keys: false));
        await mesh.WaitUntilListeningAsync();
        await Eventually.HoldsAsync(async () => await RequestsAsync(mesh, null) == 3, Bound, mesh.Logs);
        Directory.GetFiles(_journal, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private Dictionary<string, string> Environment(bool keys) => new()
    {
        ["Router__Keys__Required"] = keys ? "true" : "false",
        ["Router__Keys__BootstrapAdminKey"] = AdminKey,
        ["Router__Usage__JournalDirectory"] = _journal,
    };

    private async Task<string> CreateKeyAsync(Mesh mesh)
    {
        using var request = Request(HttpMethod.Post, mesh.Router, "/v1/admin/keys", AdminKey, JsonContent.Create(new { tenant = "one" }));
        using var response = await _http.SendAsync(request, Token);
        response.IsSuccessStatusCode.ShouldBeTrue(mesh.Logs());
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("key").GetString()!;
    }

    /// <summary>Until the worker is known and one request was served.</summary>
    private Task UntilServedAsync(Mesh mesh, string? key) =>
        Eventually.HoldsAsync(() => TrySpeakAsync(mesh.Router, key), Bound, mesh.Logs);

    private async Task<long> RequestsAsync(Mesh mesh, string? key) =>
        (await UsageAsync(mesh, key)).GetProperty("total").GetProperty("requests").GetInt64();

    private async Task<JsonElement> UsageAsync(Mesh mesh, string? key)
    {
        using var request = Request(HttpMethod.Get, mesh.Router, "/v1/usage", key);
        using var response = await _http.SendAsync(request, Token);
        response.IsSuccessStatusCode.ShouldBeTrue(mesh.Logs());
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    /// <returns>Whether the whole reply came.</returns>
    private async Task<bool> TrySpeakAsync(MeshService router, string? key)
    {
        try
        {
            using var request = Request(
                HttpMethod.Post, router, "/v1/audio/speech", key, JsonContent.Create(new { input = Sentence, response_format = "wav" }));
            using var response = await _http.SendAsync(request, Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, MeshService router, string path, string? key, HttpContent? body = null)
    {
        var request = new HttpRequestMessage(method, new Uri(router.Http, path)) { Content = body };
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return request;
    }
}
