using WhisperMesh.BrowserTests.Running;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(BrowserMesh))]

namespace WhisperMesh.BrowserTests.Running;

/// <summary>The mesh that the tests look at: one worker to hear, one to speak. Started once, and gone with the last test.</summary>
public sealed class BrowserMesh : IAsyncLifetime
{
    internal Mesh Mesh { get; private set; } = null!;

    internal Uri Address => Mesh.Router.Http;

    public async ValueTask InitializeAsync()
    {
        var redis = await RedisServer.StartNewAsync(TestContext.Current.CancellationToken);
        Mesh = new Mesh(redis);
        Mesh.StartRouter();
        Mesh.StartTranscription();
        Mesh.StartSynthesis();
        await Mesh.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Mesh is not null)
        {
            await Mesh.DisposeAsync();
        }
    }
}
