using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Dashboard.Tests;

/// <summary>A dashboard on free ports of loopback, with a client for each of its sides. It is open to all unless a test says otherwise.</summary>
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
        OtlpHttp = new HttpClient { BaseAddress = new Uri(urls[2]) };
        _channel = GrpcChannel.ForAddress(OtlpUri);
    }

    public HttpClient Page { get; }

    public Uri OtlpUri { get; }

    public HttpClient OtlpHttp { get; }

    public TelemetryStore Store => _app.Services.GetRequiredService<TelemetryStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunningDashboard> StartAsync(params string[] settings)
    {
        var app = DashboardApplication.Create(
        [
            "--urls", "http://127.0.0.1:0",
            "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://127.0.0.1:0",
            "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://127.0.0.1:0",
            "--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true",
            .. settings,
        ]);
        await app.StartAsync(Cancellation);
        return new RunningDashboard(app);
    }

    /// <summary>Sends bytes as they are to TraceService, LogsService or MetricsService.</summary>
    public async Task<byte[]> ExportAsync(string signal, byte[] message, bool compress = false, string? key = null)
    {
        var service = $"opentelemetry.proto.collector.{signal}.v1.{char.ToUpperInvariant(signal[0])}{signal[1..]}Service";
        var method = new Method<byte[], byte[]>(MethodType.Unary, service, "Export", Bytes, Bytes);
        var headers = new Metadata();
        if (compress)
        {
            headers.Add("grpc-internal-encoding-request", "gzip");
        }

        if (key is not null)
        {
            headers.Add("x-otlp-api-key", key);
        }

        return await _channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, cancellationToken: Cancellation), message);
    }

    public Task<byte[]> ExportAsync(string signal, IMessage message) => ExportAsync(signal, message.ToByteArray());

    /// <summary>Sends bytes as they are over HTTP, to /v1/traces, /v1/logs or /v1/metrics.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string path, HttpContent content, string? contentType = "application/x-protobuf", string? encoding = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        if (key is not null)
        {
            request.Headers.Add("x-otlp-api-key", key);
        }

        return await OtlpHttp.SendAsync(request, Cancellation);
    }

    public Task<JsonElement> GetJsonAsync(string path) => Page.GetFromJsonAsync<JsonElement>(path, Cancellation);

    public Task<string> GetPageAsync(string path) => Page.GetStringAsync(path, Cancellation);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Page.Dispose();
        OtlpHttp.Dispose();
        await _app.DisposeAsync();
    }
}
