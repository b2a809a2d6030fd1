using WhisperMesh.Benchmarks.Gateway.Peers;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>One way to the worker: a proxy's, or the direct one.</summary>
internal sealed class Side(string name, ProxyProcess? process, GatewayClient client) : IAsyncDisposable
{
    public const string Direct = "direct";

    public string Name => name;

    /// <summary>Null for the direct way.</summary>
    public ProxyProcess? Process => process;

    public GatewayClient Client => client;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }
}

/// <summary>All ways that are to be had here, side by side.</summary>
internal sealed class Sides : IAsyncDisposable
{
    private readonly List<Side> _all = [];

    public IReadOnlyList<Side> All => _all;

    public Side Direct => _all[0];

    public Side Own => _all[1];

    public IEnumerable<Side> Proxies => _all.Skip(1);

    /// <param name="setup">Redis and the worker.</param>
    /// <param name="core">Core that each proxy is bound to; null: any.</param>
    /// <param name="say">Takes a line for whoever watches.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<Sides> StartAsync(GatewaySetup setup, int? core, Action<string> say, CancellationToken cancellationToken)
    {
        var sides = new Sides();
        try
        {
            sides._all.Add(new Side(Side.Direct, null, new GatewayClient(setup.Worker.Address, setup.Worker)));
            foreach (var proxy in (IProxy[])[new RouterProxy(), new NginxProxy(), new HaproxyProxy(), new YarpProxy()])
            {
                if (!proxy.IsPresent)
                {
                    say($"{proxy.Name} is not installed: left out");
                    continue;
                }

                var port = ProxyProcess.FreePort();
                var process = await proxy.StartAsync(setup, port, core, cancellationToken);
                var address = new Uri($"http://127.0.0.1:{port}");
                var client = proxy.Key is { } key ? new GatewayClient(address, key) : new GatewayClient(address, setup.Worker);
                sides._all.Add(new Side(proxy.Name, process, client));
            }

            await sides.WaitForWorkerAsync(cancellationToken);
            return sides;
        }
        catch
        {
            await sides.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var side in _all)
        {
            await side.DisposeAsync();
        }
    }

    // The router learns of the worker from Redis, soon after both are up.
    private async Task WaitForWorkerAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(20));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await Own.Client.TranscribeAsync(new byte[1000], bound.Token);
                return;
            }
            catch (Grpc.Core.RpcException e) when (e.StatusCode == Grpc.Core.StatusCode.Unavailable)
            {
                await beat.WaitForNextTickAsync(bound.Token);
            }
        }
    }
}
