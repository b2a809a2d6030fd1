using System.Net.WebSockets;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Realtime;

/// <summary>GET /v1/realtime: OpenAI's realtime transcription over a WebSocket.</summary>
internal sealed class RealtimeEndpoint(
    ILiveSessions sessions,
    RealtimeSettingsCheck check,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<RealtimeEndpoint> logger)
{
    public const string Protocol = "realtime";

    private const string BetaProtocol = "openai-beta.realtime-v1";
    private const string BetaHeader = "OpenAI-Beta";
    private const string Intent = "intent";
    private const string Model = "model";

    // Finds a client that vanished without a word, and keeps proxies from closing a connection on which nobody speaks.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    // While a client sends one large event it can't answer.
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(45);

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw ApiException.BadRequest(null, "This is for WebSockets: connect with ws:// or wss://.", "websocket_required");
        }

        var requestId = RouteHeaders.TakeRequestId(context);
        var origin = RequestOrigin.Of(context, requestId);
        var protocols = context.WebSockets.WebSocketRequestedProtocols;
        var beta = protocols.Contains(BetaProtocol) || context.Request.Headers[BetaHeader].ToString().Contains("realtime=v1", StringComparison.Ordinal);
        using var socket = new RealtimeSocket(
            await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                SubProtocol = protocols.Contains(Protocol) ? Protocol : null,
                KeepAliveInterval = PingInterval,
                KeepAliveTimeout = PingTimeout,
            }),
            time);
        try
        {
            await RunAsync(context, socket, origin, beta);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            RealtimeLog.ClientGone(logger, requestId);
        }
    }

    private async Task RunAsync(HttpContext context, RealtimeSocket socket, RequestOrigin origin, bool beta)
    {
        if (Read(context.Request.Query, out var settings) is { } refusal)
        {
            // Not as a status of the handshake: browsers don't show those to the page.
            await socket.SendAsync([new ErrorEvent(refusal)], context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, refusal.Code ?? "");
            await socket.ReadAsync(context.RequestAborted);
            return;
        }

        await using var session = new RealtimeSession(socket, new RealtimeStream(sessions, origin), check, settings, beta, logger);
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = session.LeaveAsync());
        await session.RunAsync(context.RequestAborted);
    }

    /// <summary>Reads what the address says.</summary>
    /// <returns>Why it can't be served; null: it can.</returns>
    private EventError? Read(IQueryCollection query, out RealtimeSettings settings)
    {
        settings = new RealtimeSettings { Model = query[Model].ToString() };
        try
        {
            foreach (var name in query.Keys.Where(name => name is not (Intent or Model)))
            {
                throw ApiException.Unsupported(RequestChecks.Shortened(name), $"The parameter '{RequestChecks.Shortened(name)}' is not supported here.");
            }

            if (query.TryGetValue(Intent, out var intent) && intent.ToString() != "transcription")
            {
                throw ApiException.BadRequest(Intent, "Only transcription sessions are served here: intent must be 'transcription'.", "unsupported_session_type");
            }

            check.Check(settings);
            return null;
        }
        catch (ApiException e)
        {
            return RealtimeErrors.From(e, eventId: null);
        }
        catch (MeshException e)
        {
            return RealtimeErrors.From(e, beta: false) with { Param = Model };
        }
    }
}
