using System.Diagnostics;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the dashboard receives of one request.</summary>
[Collection(StandardMesh.Collection)]
public sealed class TraceTests(StandardMesh standard)
{
    private const string ClientName = "integration-test-client";
    private static readonly TimeSpan ExportBound = TimeSpan.FromSeconds(20);
    private static readonly string[] Expected = [ClientName, "whispermesh-router", "whispermesh-transcription"];

    [Fact]
    public async Task Transcribe_Traced_IsOneTraceOverClientRouterAndWorker()
    {
        using var source = new ActivitySource(ClientName);
        string traceId;
        using (var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(ClientName))
            .AddSource(ClientName, "WhisperMesh.Client")
            .AddOtlpExporter(otlp =>
            {
                otlp.Endpoint = standard.Otlp;
                otlp.Protocol = OtlpExportProtocol.Grpc;
            })
            .Build())
        {
            using var root = source.StartActivity("test").ShouldNotBeNull();
            traceId = root.TraceId.ToHexString();
            await using var audio = File.OpenRead(Recordings.Named("en-sorry.wav").Path);
            await standard.Mesh.Client.TranscribeAsync(audio, cancellationToken: TestContext.Current.CancellationToken)
                .ToTranscriptAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        using var http = new HttpClient();
        var found = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await http.GetAsync(
                    new Uri(standard.Dashboard, $"/api/traces/{traceId}"), TestContext.Current.CancellationToken);
                found = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return response.IsSuccessStatusCode && Expected.All(Services(found).Contains);
            },
            ExportBound,
            () => found);
    }

    private static List<string> Services(string trace) =>
    [
        .. JsonDocument.Parse(trace).RootElement.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("service").GetString()!),
    ];
}
