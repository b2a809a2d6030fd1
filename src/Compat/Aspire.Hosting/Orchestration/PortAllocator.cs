using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds free loopback ports and holds them all until it is disposed, so that no two are the same.</summary>
internal sealed class PortAllocator : IDisposable
{
    private readonly List<TcpListener> _held = [];

    public int Next() => Hold(0);

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
