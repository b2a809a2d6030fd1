using System.Net;
using System.Net.Sockets;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>A way to a worker that a test can freeze: connections stand and are taken, nothing moves, as at a stopped process.</summary>
internal sealed class FreezableLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly IPEndPoint _worker;
    private readonly Task _accepting;
    private volatile bool _frozen;
    private int _pongs;

    public FreezableLink(string workerAddress)
    {
        _worker = IPEndPoint.Parse(new Uri(workerAddress).Authority);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>How many of the router's pings the worker has answered.</summary>
    public int Pongs => Volatile.Read(ref _pongs);

    public void Freeze() => _frozen = true;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                links.Add(LinkAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task LinkAsync(Socket router)
    {
        using var worker = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (router)
        {
            try
            {
                await worker.ConnectAsync(_worker, _end.Token);
                var pings = new PingCounter(() => Interlocked.Increment(ref _pongs));
                await Task.WhenAny(CopyAsync(router, worker, null), CopyAsync(worker, router, pings));
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, PingCounter? pings)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                if (_frozen)
                {
                    await new TaskCompletionSource().Task.WaitAsync(_end.Token);
                }

                pings?.Read(buffer.AsSpan(0, count));
                await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has closed, and the link closes the other.
        }
    }

    /// <summary>Follows the frames of one HTTP/2 direction and tells of each PING that acknowledges.</summary>
    private sealed class PingCounter(Action onPong)
    {
        private const int HeaderBytes = 9;
        private const byte PingType = 6;
        private const byte AckFlag = 1;

        private readonly byte[] _header = new byte[HeaderBytes];
        private int _filled;
        private int _payloadLeft;

        public void Read(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var skipped = Math.Min(_payloadLeft, bytes.Length);
                bytes = bytes[skipped..];
                _payloadLeft -= skipped;
                var taken = Math.Min(HeaderBytes - _filled, bytes.Length);
                bytes[..taken].CopyTo(_header.AsSpan(_filled));
                bytes = bytes[taken..];
                _filled += taken;
                if (_filled == HeaderBytes)
                {
                    _filled = 0;
                    _payloadLeft = (_header[0] << 16) | (_header[1] << 8) | _header[2];
                    if (_header[3] == PingType && (_header[4] & AckFlag) != 0)
                    {
                        onPong();
                    }
                }
            }
        }
    }
}
