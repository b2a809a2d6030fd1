using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(BrowserMesh))]

namespace WhisperMesh.BrowserTests.Running;

/// <summary>
/// The mesh that the tests look at: one worker to hear, one to speak, an open router and one that asks for keys. Started once, and
/// gone with the last test.
/// </summary>
public sealed class BrowserMesh : IAsyncLifetime
{
    private const string AdminKey = "an-admin-key-of-more-than-32-characters";

    internal Mesh Mesh { get; private set; } = null!;

    internal Uri Address => Mesh.Router.Http;

    /// <summary>A router of the same mesh that asks for keys.</summary>
    internal MeshService Guarded { get; private set; } = null!;

    /// <summary>For tests without a microphone: started once.</summary>
    internal Browser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Browser = await Browser.StartAsync();
        var redis = await RedisServer.StartNewAsync(TestContext.Current.CancellationToken);
        Mesh = new Mesh(redis);
        Mesh.StartRouter();
        Guarded = Mesh.StartAnotherRouter(new Dictionary<string, string>
        {
            ["Router__Keys__Required"] = "true",
            ["Router__Keys__BootstrapAdminKey"] = AdminKey,
        });
        Mesh.StartTranscription();
        Mesh.StartSynthesis();
        await Mesh.WaitUntilReadyAsync();
    }

    /// <summary>Makes a key for the guarded router.</summary>
    internal async Task<string> CreateKeyAsync(params string[] scopes)
    {
        using var http = new HttpClient { BaseAddress = Guarded.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var response = await http.PostAsJsonAsync("/v1/admin/keys", new { tenant = "one", scopes }, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonDocument.Parse(body).RootElement.GetProperty("key").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        if (Mesh is not null)
        {
            await Mesh.DisposeAsync();
        }
    }
}
