using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.Tests.FakeMesh;

/// <summary>A router's gRPC endpoint on a free port of this machine, with answers that a test scripts.</summary>
internal sealed class FakeMeshServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeMeshServer(WebApplication app, FakeMeshScript script)
    {
        _app = app;
        Script = script;
    }

    internal FakeMeshScript Script { get; }

    internal Uri Address => new(_app.Urls.Single());

    internal static async Task<FakeMeshServer> StartAsync()
    {
        var script = new FakeMeshScript();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(script);
        var app = builder.Build();
        app.MapGrpcService<FakeTranscription>();
        app.MapGrpcService<FakeSynthesis>();
        app.MapGrpcService<FakeLive>();
        app.MapGrpcService<FakeModels>();
        app.MapGrpcService<FakeRequests>();
        app.MapGrpcService<FakeHealth>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FakeMeshServer(app, script);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
