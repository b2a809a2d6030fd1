using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Health.V1;
using Grpc.Net.Client;
using WhisperMesh.Requests.V1;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>
/// A client of one mesh, over the gRPC endpoint of its router. Safe to share between threads; make one and keep it, it
/// holds the connection. Failures of the mesh surface as <see cref="WhisperMeshException"/>.
/// </summary>
public sealed partial class WhisperMeshClient : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];
    private readonly LiveEndpoint[] _live;
    private readonly TranscriptionService.TranscriptionServiceClient _transcription;
    private readonly SynthesisService.SynthesisServiceClient _synthesis;
    private readonly ModelService.ModelServiceClient _models;
    private readonly RequestService.RequestServiceClient _requests;
    private readonly Health.HealthClient _health;

    /// <summary>Makes a client of the router on this machine.</summary>
    public WhisperMeshClient()
        : this(DefaultAddress)
    {
    }

    /// <summary>Makes a client. Nothing is sent before the first call.</summary>
    /// <param name="address">The router's gRPC endpoint, <c>http://</c> or <c>https://</c>.</param>
    /// <param name="handler">What carries the calls, when the default will not do. The caller disposes it.</param>
    /// <param name="apiKey">Sent with every call, for a mesh that asks for keys; over <c>http://</c> the network can read it.</param>
    public WhisperMeshClient(Uri address, HttpMessageHandler? handler = null, string? apiKey = null)
        : this([address], handler, apiKey)
    {
    }

    /// <summary>Makes a client of a mesh with several routers. Nothing is sent before the first call.</summary>
    /// <param name="addresses">
    /// The routers' gRPC endpoints. Calls go to the first; live streams begin at the first that is there, and go on at the others.
    /// </param>
    /// <param name="handler">What carries the calls, when the default will not do. The caller disposes it.</param>
    /// <param name="apiKey">Sent with every call, for a mesh that asks for keys; over <c>http://</c> the network can read it.</param>
    public WhisperMeshClient(IReadOnlyList<Uri> addresses, HttpMessageHandler? handler = null, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Count);
        if (apiKey is not null && !IsHeaderValue(apiKey))
        {
            throw new ArgumentException("An API key has printable characters of ASCII only, and no spaces.", nameof(apiKey));
        }

        Address = addresses[0];
        CallInvoker[] calls = [.. addresses.Select(address => Connect(address, handler, apiKey))];
        _live = [.. addresses.Zip(calls, (address, its) => new LiveEndpoint(address, new(its)))];
        _transcription = new TranscriptionService.TranscriptionServiceClient(calls[0]);
        _synthesis = new SynthesisService.SynthesisServiceClient(calls[0]);
        _models = new ModelService.ModelServiceClient(calls[0]);
        _requests = new RequestService.RequestServiceClient(calls[0]);
        _health = new Health.HealthClient(calls[0]);
    }

    /// <summary>Where a router listens for gRPC unless it is told otherwise.</summary>
    public static Uri DefaultAddress { get; } = new("http://127.0.0.1:5081");

    /// <summary>The endpoint this client talks to.</summary>
    public Uri Address { get; }

    /// <summary>Lists the models that live workers serve, sorted by id.</summary>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(CancellationToken cancellationToken = default)
    {
        using var activity = ClientTelemetry.Start(TelemetryNames.Spans.ClientListModels);
        try
        {
            var response = await _models.ListModelsAsync(new ListModelsRequest(), cancellationToken: cancellationToken);
            return response.Models;
        }
        catch (RpcException exception)
        {
            throw Translate(exception, activity, cancellationToken);
        }
    }

    /// <summary>Asks the router whether it serves. False: it answers, but says that it is not ready.</summary>
    public async Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        using var activity = ClientTelemetry.Start(TelemetryNames.Spans.ClientCheckHealth);
        try
        {
            var response = await _health.CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
            return response.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException exception)
        {
            throw Translate(exception, activity, cancellationToken);
        }
    }

    /// <summary>Closes the connection. Calls in flight end as cancelled.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private CallInvoker Connect(Uri address, HttpMessageHandler? handler, string? apiKey)
    {
        ArgumentNullException.ThrowIfNull(address);
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler ?? CreateHandler(),
            DisposeHttpClient = handler is null,
        });
        _channels.Add(channel);
        return apiKey is null ? channel.CreateCallInvoker() : channel.Intercept(headers => WithKey(headers, apiKey));
    }

    private static Metadata WithKey(Metadata headers, string apiKey)
    {
        headers.Add("authorization", $"Bearer {apiKey}");
        return headers;
    }

    private static bool IsHeaderValue(string apiKey) => apiKey.Length > 0 && apiKey.All(character => character is > ' ' and <= '~');

    private static SocketsHttpHandler CreateHandler() => new()
    {
        // A machine that is off must not hold a caller for the minutes TCP takes to give up.
        ConnectTimeout = TimeSpan.FromSeconds(5),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    };

    private Exception Translate(RpcException exception, Activity? activity, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && exception.StatusCode == StatusCode.Cancelled)
        {
            return new OperationCanceledException(exception.Message, exception, cancellationToken);
        }

        var translated = WhisperMeshException.From(exception, Address);
        ClientTelemetry.Fail(activity, translated);
        return translated;
    }
}
