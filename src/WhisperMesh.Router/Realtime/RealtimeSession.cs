using System.Net.WebSockets;
using System.Text.Json;
using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Realtime;

/// <summary>
/// One client's session: hears its events, and tells what the live session behind it makes of them. Two loops, which take turns where
/// they touch items, settings or the connection's writing half.
/// </summary>
internal sealed partial class RealtimeSession(
    RealtimeSocket socket, RealtimeStream stream, RealtimeSettingsCheck check, RealtimeSettings initial, bool beta, ILogger logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly string _id = RealtimeIds.Session();
    private readonly RealtimeItems _items = new() { Beta = beta };
    private readonly List<string> _warnings = [];
    private RealtimeSettings _settings = initial;
    private bool _isChangeDue;

    /// <summary>Runs until the client has gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await InTurnAsync(() => SendSessionAsync("created", cancellationToken), cancellationToken);
        var relaying = RelayAsync(end.Token);
        try
        {
            await HearAsync(cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await relaying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The router is to stop: says goodbye where nothing is under way; a live session ends in its own time.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            await InTurnAsync(
                async () =>
                {
                    if (!stream.IsOpen)
                    {
                        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The router is shutting down.");
                    }
                },
                CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left first.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        _turn.Dispose();
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            string? eventId = null;
            try
            {
                if (await socket.ReadAsync(cancellationToken) is not { } message)
                {
                    await InTurnAsync(async () => await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, ""), cancellationToken);
                    return;
                }

                using var json = Parse(message);
                var given = ClientEvent.Of(json.RootElement);
                eventId = given.Id;
                await OnAsync(given, cancellationToken);
            }
            catch (ApiException e)
            {
                await InTurnAsync(() => SendAsync([new ErrorEvent(RealtimeErrors.From(e, eventId))], cancellationToken), cancellationToken);
            }
            catch (MeshException e)
            {
                await FailAsync(e, cancellationToken);
            }
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message);
        }
        catch (JsonException e)
        {
            throw ApiException.BadRequest(null, $"The event is no JSON: {e.Message}", "invalid_json");
        }
    }

    private Task FailAsync(MeshException exception, CancellationToken cancellationToken) =>
        FailAsync(RealtimeErrors.From(exception, _items.Beta), RealtimeErrors.CloseOf(exception), cancellationToken);

    private Task FailAsync(EventError error, WebSocketCloseStatus status, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (!socket.IsClosing)
            {
                RealtimeLog.Ended(logger, _id, error.Code ?? error.Type, error.Message);
                _items.Fail(error);
                await SendAsync([.. _items.Take(), new ErrorEvent(error)], cancellationToken);
                await socket.CloseAsync(status, error.Code ?? "");
            }
        },
        cancellationToken);

    private Task SendSessionAsync(string what, CancellationToken cancellationToken) => SendAsync(
        [
            _items.Beta
                ? new BetaSessionEvent("transcription_session." + what, BetaSessionObject.Of(_id, _settings, _warnings))
                : new SessionEvent("session." + what, SessionObject.Of(_id, _settings, _warnings)),
        ],
        cancellationToken);

    private Task SendAsync(IReadOnlyList<ServerEvent> events, CancellationToken cancellationToken) =>
        events.Count > 0 ? socket.SendAsync(events, cancellationToken).AsTask() : Task.CompletedTask;

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
