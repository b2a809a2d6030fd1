using WhisperMesh.Requests.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Client.Tests;

public sealed class ClientRequestTests : IAsyncLifetime
{
    private FakeMeshServer _mesh = null!;
    private WhisperMeshClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mesh = await FakeMeshServer.StartAsync();
        _client = new WhisperMeshClient(_mesh.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Explain_Known_GivesItsRecord()
    {
        _mesh.Script.Records.Add(new RequestRecord { Line = new RequestLine { RequestId = "r1" }, RouterId = "router-a" });
        _mesh.Script.Records.Add(new RequestRecord { Line = new RequestLine { RequestId = "r2" } });

        (await _client.ExplainAsync("r1", Token)).RouterId.ShouldBe("router-a");
        (await _client.ListRequestsAsync(limit: 1, cancellationToken: Token)).ShouldHaveSingleItem().RequestId.ShouldBe("r1");
    }

    [Fact]
    public async Task Explain_Unknown_FailsWithTheIdOfTheFailedCall()
    {
        var error = await Should.ThrowAsync<WhisperMeshException>(() => _client.ExplainAsync("nobody", Token));

        error.Status.ShouldBe(Grpc.Core.StatusCode.NotFound);
        error.RequestId.ShouldBe("asked");
        await Should.ThrowAsync<ArgumentException>(() => _client.ExplainAsync("", Token));
    }
}
