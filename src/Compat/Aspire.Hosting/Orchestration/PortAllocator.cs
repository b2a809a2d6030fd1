using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds free loopback ports and holds them all until it is disposed, so that no two are the same.</summary>
internal sealed class PortAllocator : IDisposable
{
    // Below those that systems give to outgoing connections: one of these would take a port between its release and its process.
    private const int First = 20_000;
    private const int Count = 12_000;
    private const int Tries = 100;

    private readonly List<TcpListener> _held = [];

    public int Next()
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            try
            {
                return Hold(First + RandomNumberGenerator.GetInt32(Count));
            }
            catch (SocketException)
            {
                // Somebody has it, or may.
            }
        }

        return Hold(0);
    }

    public int Claim(int port, string resourceName, string endpointName)
    {
        try
        {
            return Hold(port);
        }
        catch (SocketException exception)
        {
            throw new DistributedApplicationException(
                $"Port {port}, which the endpoint '{endpointName}' of '{resourceName}' needs, can't be had: {exception.Message}. "
                + "Stop what uses it, or set another port.",
                exception);
        }
    }

    public void Dispose()
    {
        foreach (var listener in _held)
        {
            listener.Dispose();
        }
    }

    private int Hold(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _held.Add(listener);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
