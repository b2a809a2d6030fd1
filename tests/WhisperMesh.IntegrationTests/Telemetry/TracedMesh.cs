using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Telemetry;

/// <summary>A mesh that asks for keys, one worker of each kind, a client in this process, and a receiver for all that they export.</summary>
public sealed class TracedMesh : IAsyncLifetime
{
    internal const string Collection = "The traced mesh";
    internal const string Caller = "integration-test-caller";
    internal const string AdminKey = "an-admin-key-of-more-than-32-characters";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ActivitySource _source = new(Caller);
    private OtlpReceiver _receiver = null!;
    private Mesh _mesh = null!;
    private TracerProvider _provider = null!;

    internal Received Received => _receiver.Received;

    internal string Key { get; private set; } = "";

    internal HttpClient Http => _mesh.Http;

    internal WhisperMeshClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _mesh = new Mesh(await RedisServer.StartNewAsync(TestContext.Current.CancellationToken), new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _receiver.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["Logging__LogLevel__Default"] = "Debug",
            ["Logging__LogLevel__WhisperMesh"] = "Trace",
            ["Router__Keys__Required"] = "true",
            ["Router__Keys__BootstrapAdminKey"] = AdminKey,
        });
        _mesh.StartRouter();
        _mesh.StartTranscription();
        _mesh.StartSynthesis();
        await _mesh.WaitUntilListeningAsync();
        Key = await CreateKeyAsync();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        Client = new WhisperMeshClient(_mesh.Router.Grpc, apiKey: Key);
        await Eventually.HoldsAsync(
            async () => (await Client.ListModelsAsync(TestContext.Current.CancellationToken)).Count == 2, Bound, _mesh.Logs);
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("caller"))
            .AddSource(Caller, "WhisperMesh.Client", "Grpc.Net.Client", "System.Net.Http")
            .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (_receiver.Address, OtlpExportProtocol.Grpc))
            .Build();
    }

    /// <summary>Runs a request under a span of its own, and waits until its trace has come as a whole, with a span of each name.</summary>
    internal async Task<ReceivedTrace> TraceAsync(Func<Task> request, params string[] names)
    {
        string id;
        using (var root = _source.StartActivity("test").ShouldNotBeNull())
        {
            id = root.TraceId.ToHexString();
            await request();
        }

        _provider.ForceFlush();
        var trace = new ReceivedTrace([]);
        await Eventually.HoldsAsync(
            () =>
            {
                trace = new ReceivedTrace(Received.Of(id));
                return trace.IsWhole && names.All(name => trace.Named(name).Any());
            },
            Bound,
            () => $"{trace.Tree()}\n{string.Join('\n', trace.Spans.Select(span => $"{span.Service} {span.Source} {span.Span.Name} {span.Id} < {span.Parent}"))}\n{_mesh.Logs()}");
        return trace;
    }

    public async ValueTask DisposeAsync()
    {
        _provider?.Dispose();
        if (Client is not null)
        {
            await Client.DisposeAsync();
        }

        if (_mesh is not null)
        {
            await _mesh.DisposeAsync();
        }

        await _receiver.DisposeAsync();
        _source.Dispose();
    }

    /// <summary>Waits for what is exported beside traces.</summary>
    internal Task UntilAsync(Func<bool> received) => Eventually.HoldsAsync(received, Bound, _mesh.Logs);

    private async Task<string> CreateKeyAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/keys") { Content = JsonContent.Create(new { tenant = "one" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(_mesh.Logs());
        return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("key").GetString()!;
    }
}

[CollectionDefinition(TracedMesh.Collection)]
public sealed class TracedMeshDefinition : ICollectionFixture<TracedMesh>;
