using Grpc.Core;
using WhisperMesh.Benchmarks.Gateway.Peers;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>A router with settings of its own, and a client of it.</summary>
internal sealed record MeasuredRouter(string Name, ProxyProcess Process, GatewayClient Client, Uri Http)
{
    /// <summary>Reads its metrics, as Prometheus does.</summary>
    public async Task ScrapeAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Http };
        await client.GetStringAsync("/metrics", cancellationToken);
    }
}

/// <summary>Several routers before one worker, all on the first core.</summary>
internal sealed class MeasuredRouters : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly List<MeasuredRouter> _all = [];

    public IReadOnlyList<MeasuredRouter> All => _all;

    /// <summary>Starts one more and waits until it knows the worker.</summary>
    public async Task StartAsync(
        GatewaySetup setup, string name, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var proxy = new RouterProxy(name, environment);
        var port = ProxyProcess.FreePort();
        var process = await proxy.StartAsync(setup, port, core: 0, cancellationToken);
        var router = new MeasuredRouter(name, process, new GatewayClient(new Uri($"http://127.0.0.1:{port}"), proxy.Key), proxy.Http!);
        _all.Add(router);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await ServesAsync(router, bound.Token))
        {
            await beat.WaitForNextTickAsync(bound.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var router in _all)
        {
            router.Client.Dispose();
            await router.Process.DisposeAsync();
        }
    }

    private static async Task<bool> ServesAsync(MeasuredRouter router, CancellationToken cancellationToken)
    {
        try
        {
            await router.Client.TranscribeAsync(new byte[1000], cancellationToken);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
