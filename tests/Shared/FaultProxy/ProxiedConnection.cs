using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace WhisperMesh.Tests.Shared;

/// <summary>One connection through a <see cref="FaultProxy"/>: two directions, which end or break together.</summary>
internal sealed class ProxiedConnection(FaultProxy proxy, Socket client, Random random)
{
    // Little is kept, so that a slow reader is felt by the sender.
    private const int PieceBytes = 16 * 1024;
    private const int PiecesKept = 4;

    private readonly CancellationTokenSource _broken = new();
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _reset;

    public void Reset()
    {
        _reset = true;
        _broken.Cancel();
    }

    public async Task RunAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _broken.Token);
        client.NoDelay = true;
        try
        {
            await _server.ConnectAsync(target, end.Token);
            await Task.WhenAll(
                CarryAsync(client, _server, () => proxy.ToServer, end.Token),
                CarryAsync(_server, client, () => proxy.ToClient, end.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // One side is gone, or the test has broken it: then the other goes too.
            _reset |= e is SocketException;
        }
        finally
        {
            Close(client);
            Close(_server);
        }
    }

    private async Task CarryAsync(Socket from, Socket to, Func<Faults> faults, CancellationToken cancellationToken)
    {
        var pieces = Channel.CreateBounded<Piece>(PiecesKept);
        var reading = ReadAsync(from, pieces.Writer, faults, cancellationToken);
        try
        {
            await WriteAsync(to, pieces.Reader, faults, cancellationToken);
            await reading;
        }
        catch
        {
            await _broken.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<Piece> pieces, Func<Faults> faults, CancellationToken cancellationToken)
    {
        var total = 0L;
        try
        {
            while (true)
            {
                var buffer = new byte[PieceBytes];
                var count = await from.ReceiveAsync(buffer, cancellationToken);
                var now = faults();
                if (count == 0)
                {
                    return;
                }

                if (now.BlackHole)
                {
                    continue;
                }

                if (now.ResetShare > 0 && random.NextDouble() < now.ResetShare)
                {
                    Reset();
                    return;
                }

                count = now.LimitBytes is { } limit ? (int)Math.Min(count, limit - total) : count;
                total += count;
                await pieces.WriteAsync(new Piece(buffer.AsMemory(0, Math.Max(0, count)), TimeProvider.System.GetTimestamp(), LatencyOf(now)), cancellationToken);
                if (total >= now.LimitBytes)
                {
                    return;
                }
            }
        }
        finally
        {
            pieces.TryComplete();
        }
    }

    private async Task WriteAsync(Socket to, ChannelReader<Piece> pieces, Func<Faults> faults, CancellationToken cancellationToken)
    {
        await foreach (var piece in pieces.ReadAllAsync(cancellationToken))
        {
            if (piece.Latency - TimeProvider.System.GetElapsedTime(piece.ReadAt) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, cancellationToken);
            }

            await SendAsync(to, piece.Bytes, faults, cancellationToken);
        }

        await Task.Delay(faults().CloseDelay, cancellationToken);
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, Func<Faults> faults, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var now = faults();
            var size = now.SliceBytes > 0 ? random.Next(1, now.SliceBytes + 1) : bytes.Length;
            if (now.BytesPerSecond > 0)
            {
                // A twentieth of a second's worth at a time keeps the rate even.
                size = Math.Min(size, Math.Max(1, now.BytesPerSecond / 20));
                await Task.Delay(TimeSpan.FromSeconds((double)Math.Min(size, bytes.Length) / now.BytesPerSecond), cancellationToken);
            }

            size = Math.Min(size, bytes.Length);
            await to.SendAsync(bytes[..size], cancellationToken);
            bytes = bytes[size..];
        }
    }

    private TimeSpan LatencyOf(Faults faults) => faults.Latency + (faults.Jitter * ((random.NextDouble() * 2) - 1));

    private void Close(Socket socket)
    {
        if (_reset)
        {
            // Closing at once without sending what is left makes the system send RST.
            socket.LingerState = new LingerOption(true, 0);
        }

        socket.Dispose();
    }

    private readonly record struct Piece(ReadOnlyMemory<byte> Bytes, long ReadAt, TimeSpan Latency);
}
