using WhisperMesh.Tests.Shared;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>The mesh that most tests use: two transcription workers, one for synthesis, and a dashboard for the traces.</summary>
public sealed class StandardMesh : IAsyncLifetime
{
    internal const string Collection = "The standard mesh";

    private ServiceProcess? _dashboard;

    internal Mesh Mesh { get; private set; } = null!;

    internal Uri Dashboard { get; private set; } = null!;

    internal Uri Otlp { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        StartDashboard();
        var redis = await RedisServer.StartNewAsync(TestContext.Current.CancellationToken);
        Mesh = new Mesh(redis, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Otlp.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        Mesh.StartRouter();
        Mesh.StartTranscription();
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

        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }
    }

    private void StartDashboard()
    {
        var (page, otlp, otlpHttp) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        Dashboard = new Uri($"http://127.0.0.1:{page}");
        Otlp = new Uri($"http://127.0.0.1:{otlp}");
        _dashboard = ServiceProcess.Start("dashboard", Repository.Program("Aspire.Dashboard"), new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Dashboard.ToString(),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Otlp.ToString(),
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://127.0.0.1:{otlpHttp}",
            ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
        });
    }
}

[CollectionDefinition(StandardMesh.Collection)]
public sealed class StandardMeshDefinition : ICollectionFixture<StandardMesh>;
