using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WhisperMesh.Tests.Shared;

/// <summary>
/// A TCP proxy on a free loopback port that does to a connection what networks do: latency, little bandwidth, resets, black holes,
/// tiny pieces, early and late ends. The vocabulary is Toxiproxy's.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private volatile IPEndPoint _target;
    private readonly int _seed;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;
    private volatile Faults _toServer = Faults.None;
    private volatile Faults _toClient = Faults.None;

    private FaultProxy(IPEndPoint target, int seed) => (_target, _seed) = (target, seed);

    public int Port { get; private set; }

    /// <summary>Such as http://127.0.0.1:41873.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What goes wrong with what the client sends.</summary>
    public Faults ToServer { get => _toServer; set => _toServer = value; }

    /// <summary>What goes wrong with what the server sends.</summary>
    public Faults ToClient { get => _toClient; set => _toClient = value; }

    /// <summary>Both directions at once.</summary>
    public Faults Both
    {
        set => (_toServer, _toClient) = (value, value);
    }

    /// <summary>Leads new connections to another server, by its loopback port.</summary>
    public int TargetPort { set => _target = new IPEndPoint(IPAddress.Loopback, value); }

    /// <param name="targetPort">Loopback port of the server behind it.</param>
    /// <param name="seed">Starts what is random.</param>
    public static FaultProxy Start(int targetPort, int seed = 1)
    {
        var proxy = new FaultProxy(new IPEndPoint(IPAddress.Loopback, targetPort), seed);
        proxy.Up();
        return proxy;
    }

    /// <summary>Listens, again on the same port.</summary>
    public void Up()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    /// <summary>Refuses connections and resets those there are.</summary>
    public async Task DownAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
        await ResetAllAsync();
    }

    /// <summary>Resets all connections there are.</summary>
    public async Task ResetAllAsync()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }

        await Task.WhenAll(_connections.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await DownAsync();
        _end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(_end.Token);
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException or OperationCanceledException)
            {
                return;
            }

            var number = Interlocked.Increment(ref _accepted);
            var connection = new ProxiedConnection(this, client, new Random(_seed + number));
            _connections[connection] = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        // Off the accepting loop, which has to enter the connection first.
        await Task.Yield();
        try
        {
            await connection.RunAsync(_target, _end.Token);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
