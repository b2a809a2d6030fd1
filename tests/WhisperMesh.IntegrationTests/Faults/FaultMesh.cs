using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>What the tests of faults have in common: a mesh with a secret, and a short request that must be answered rightly.</summary>
internal static class FaultMesh
{
    internal static readonly Recording Short = Recordings.Named("en-conf-onlyone.wav");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static async Task<Mesh> CreateAsync() => new(
        await RedisServer.StartNewAsync(Token),
        new Dictionary<string, string> { ["Mesh__Secret"] = Guid.NewGuid().ToString("N") });

    /// <summary>Transcribes through a router; fails unless the words are right.</summary>
    internal static async Task ShouldTranscribeAsync(this MeshService router, params (string Name, string Value)[] fields)
    {
        using var http = new HttpClient { BaseAddress = router.Http, Timeout = TimeSpan.FromMinutes(1) };
        using var form = HttpApi.Form(
            await File.ReadAllBytesAsync(Short.Path, Token), Short.File, [("language", "en"), ("response_format", "text"), .. fields]);
        using var response = await http.PostAsync("/v1/audio/transcriptions", form, Token);
        var heard = await response.Content.ReadAsStringAsync(Token);
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {heard}\n{router.Process.Log}");
        WordErrorRate.Errors(Short.Text, heard).ShouldBeLessThanOrEqualTo(1, heard);
    }

    /// <summary>Workers that a router knows.</summary>
    internal static async Task<int> WorkerCountAsync(this Mesh mesh) =>
        (await mesh.Client.ListModelsAsync(Token)).Sum(model => model.WorkerCount);
}
