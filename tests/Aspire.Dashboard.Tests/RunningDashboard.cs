using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Dashboard.Tests;

/// <summary>A dashboard on free ports of loopback, with a client for each of its two sides.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RunningDashboard(WebApplication app)
    {
        _app = app;
        var urls = app.Urls.ToArray();
        Page = new HttpClient { BaseAddress = new Uri(urls[0]) };
        OtlpUri = new Uri(urls[1]);
        _channel = GrpcChannel.ForAddress(OtlpUri);
    }

    public HttpClient Page { get; }

    public Uri OtlpUri { get; }

    public TelemetryStore Store => _app.Services.GetRequiredService<TelemetryStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunningDashboard> StartAsync(params string[] settings)
    {
        var app = DashboardApplication.Create(
            ["--urls", "http://127.0.0.1:0", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://127.0.0.1:0", .. settings]);
        await app.StartAsync(Cancellation);
        return new RunningDashboard(app);
    }

    /// <summary>Sends bytes as they are to TraceService, LogsService or MetricsService.</summary>
    public async Task<byte[]> ExportAsync(string signal, byte[] message, bool compress = false)
    {
        var service = $"opentelemetry.proto.collector.{signal}.v1.{char.ToUpperInvariant(signal[0])}{signal[1..]}Service";
        var method = new Method<byte[], byte[]>(MethodType.Unary, service, "Export", Bytes, Bytes);
        var headers = compress ? new Metadata { { "grpc-internal-encoding-request", "gzip" } } : [];
        return await _channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, cancellationToken: Cancellation), message);
    }

    public Task<byte[]> ExportAsync(string signal, IMessage message) => ExportAsync(signal, message.ToByteArray());

    public Task<JsonElement> GetJsonAsync(string path) => Page.GetFromJsonAsync<JsonElement>(path, Cancellation);

    public Task<string> GetPageAsync(string path) => Page.GetStringAsync(path, Cancellation);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Page.Dispose();
        await _app.DisposeAsync();
    }
}
