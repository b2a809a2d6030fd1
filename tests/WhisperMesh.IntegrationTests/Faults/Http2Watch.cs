using System.Buffers.Binary;
using System.Net.Sockets;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>A bare HTTP/2 connection without a request, to see what a server that stops says to those who only wait.</summary>
internal sealed class Http2Watch : IAsyncDisposable
{
    /// <summary>The reason of a server that stops in good order.</summary>
    internal const int NoError = 0;

    private const int FrameHeaderBytes = 9;
    private const int ReasonAt = 4;
    private const byte Settings = 4;
    private const byte GoAway = 7;

    private readonly TcpClient _tcp;
    private readonly CancellationToken _cancellationToken;

    private Http2Watch(TcpClient tcp, CancellationToken cancellationToken) => (_tcp, _cancellationToken) = (tcp, cancellationToken);

    internal static async Task<Http2Watch> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var watch = new Http2Watch(new TcpClient(), cancellationToken);
        await watch._tcp.ConnectAsync(address.Host, address.Port, cancellationToken);
        byte[] empty = [0, 0, 0, Settings, 0, 0, 0, 0, 0];
        await watch._tcp.GetStream().WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. empty], cancellationToken);
        return watch;
    }

    /// <summary>Reads until the server says that it goes away.</summary>
    /// <returns>Its reason.</returns>
    internal async Task<int> GoAwayAsync()
    {
        var header = new byte[FrameHeaderBytes];
        while (true)
        {
            await _tcp.GetStream().ReadExactlyAsync(header, _cancellationToken);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >> 8];
            await _tcp.GetStream().ReadExactlyAsync(payload, _cancellationToken);
            if (header[3] == GoAway)
            {
                return BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(ReasonAt));
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
