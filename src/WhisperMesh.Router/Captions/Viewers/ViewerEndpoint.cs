using System.Globalization;
using System.Net.WebSockets;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>GET /v1/captions/{name}/events and /ws: captions as they come.</summary>
internal sealed class ViewerEndpoint(ViewerAccess access, ViewerLoop loop, DrainState drain)
{
    private const string PlaceHeader = "Last-Event-ID";
    private const string PlaceParameter = "last_event_id";
    private const string HistoryParameter = "history";
    private const int StandardHistory = 2;
    private const int MaxHistory = 500;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    public async Task StreamAsync(HttpContext context, string name)
    {
        var channel = await access.OpenAsync(context, name);
        var place = PlaceOf(context);
        if (channel.Log.HasEnded && place is { Ended: true } seen && seen.Run == channel.Log.Run)
        {
            // Tells browsers not to come back.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var history = HistoryOf(context);
        using var taken = loop.Enter();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";

        // Proxies that collect replies would hold captions back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (!await loop.RunAsync(channel, new SseViewer(context.Response), place, history, context.RequestAborted))
        {
            context.Abort();
        }
    }

    public async Task ConnectAsync(HttpContext context, string name)
    {
        var channel = await access.OpenAsync(context, name);
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw MeshException.InvalidArgument("Upgrade", "This address takes WebSockets. For server-sent events use the one that ends in /events.");
        }

        var (place, history) = (PlaceOf(context), HistoryOf(context));
        using var taken = loop.Enter();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingInterval });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var viewer = new WebSocketViewer(socket);
        var listening = ListenAsync(viewer, gone);
        bool inTime;
        try
        {
            inTime = await loop.RunAsync(channel, viewer, place, history, gone.Token);
        }
        catch (WebSocketException)
        {
            // The viewer is gone.
            inTime = false;
        }

        if (inTime)
        {
            await CloseAsync(viewer, channel, listening);
        }

        socket.Abort();
        await gone.CancelAsync();
        await listening;
    }

    private async Task CloseAsync(WebSocketViewer viewer, CaptionChannel channel, Task<bool> listening)
    {
        var (status, reason) = viewer.HasSpoken
            ? (WebSocketCloseStatus.PolicyViolation, "Viewers only listen.")
            : drain.IsDraining ? (WebSocketCloseStatus.EndpointUnavailable, "The router is shutting down; connect again.")
            : (WebSocketCloseStatus.NormalClosure, channel.Log.HasEnded ? "The captions have ended." : "");
        await viewer.CloseAsync(status, reason, listening);
    }

    private static async Task<bool> ListenAsync(WebSocketViewer viewer, CancellationTokenSource gone)
    {
        var spoke = await viewer.ListenAsync(gone.Token);
        await gone.CancelAsync();
        return spoke;
    }

    private static ViewerPlace? PlaceOf(HttpContext context)
    {
        var header = context.Request.Headers[PlaceHeader].ToString();
        return ViewerPlace.Parse(header.Length > 0 ? header : context.Request.Query[PlaceParameter].ToString());
    }

    private static int HistoryOf(HttpContext context) => context.Request.Query[HistoryParameter].ToString() switch
    {
        "" => StandardHistory,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MaxHistory => count,
        _ => throw MeshException.InvalidArgument(HistoryParameter, $"{HistoryParameter} must be a whole number from 0 to {MaxHistory}."),
    };
}
