using System.Net;
using System.Net.Sockets;

namespace WhisperMesh.Tests.Shared;

/// <summary>
/// Loopback ports that nobody listens on, for processes to come. Below those that systems give to outgoing connections, one of which
/// would take a port before its process is there; and no port twice in a run.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private const int Stride = 997;

    // Test projects that run beside each other begin at different places.
    private static int _last = Environment.ProcessId * Stride;

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
