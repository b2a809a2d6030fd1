using System.Net.WebSockets;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Live.Sockets;

/// <summary>Carries one WebSocket's messages to its session, and the session's events back.</summary>
internal sealed class LiveSocketRelay(LiveSocket socket, ILiveConnection connection, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<MeshException?> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads the socket, from the start of <see cref="RunAsync"/> until the client's goodbye.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>Runs until the session ends or the client leaves.</summary>
    /// <exception cref="MeshException">The session failed, or what the client sent is bad.</exception>
    public async Task RunAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Reading = ReadAsync();
        var writing = WriteAsync(end.Token);
        if (await Task.WhenAny(writing, _left.Task) == writing)
        {
            // From here on only its goodbye is of interest.
            _left.TrySetResult(null);
            await writing;
            return;
        }

        await end.CancelAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (await _left.Task is { } error)
        {
            throw error;
        }
    }

    private async Task WriteAsync(CancellationToken token)
    {
        await foreach (var message in connection.ReadAsync(token))
        {
            await socket.SendAsync(LiveSocketMessages.Write(message), token);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await TakeAsync())
            {
            }
        }
        finally
        {
            // Whatever ended it, also a broken connection.
            _left.TrySetResult(null);
        }
    }

    /// <returns>False once the client has said goodbye.</returns>
    private async Task<bool> TakeAsync()
    {
        try
        {
            var message = await socket.ReadAsync(cancellationToken);
            if (_left.Task.IsCompleted)
            {
                return !message.IsClose;
            }

            if (message.IsClose)
            {
                // Who says goodbye in form has sent all; who is cut off may come back.
                await (socket.ClosedWith == WebSocketCloseStatus.NormalClosure ? connection.CompleteAsync(cancellationToken) : default);
                return false;
            }

            await (message.Request is { } request
                ? connection.SendAsync(request, cancellationToken)
                : connection.CompleteAsync(cancellationToken));
        }
        catch (MeshException e) when (e.StatusCode == StatusCode.InvalidArgument || e.Reason == ErrorReasons.ConfigRepeated)
        {
            _left.TrySetResult(e);
        }
        catch (MeshException)
        {
            // The session has ended, or will: its events say why once all is told.
        }

        return true;
    }
}
