using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers.Connections;

/// <summary>Opens channels to the mesh's own workers, with the short patience of someone who has other workers.</summary>
/// <remarks>Without <paramref name="trust"/>, as in tests, calls carry no token.</remarks>
internal sealed class GrpcWorkerConnections(
    IOptions<RouterOptions> options, ILoggerFactory loggerFactory, MeshTrust? trust = null) : IWorkerConnectionFactory
{
    public bool Serves(WorkerLease lease) => lease.Address.StartsWith("http", StringComparison.Ordinal);

    public IWorkerConnection Open(WorkerLease lease) => new GrpcWorkerConnection(OpenChannel(lease));

    /// <summary>
    /// When to ping and how long to wait for the answer, so that a dead connection is found within <paramref name="silence"/>. Only
    /// pings count, which a worker answers however long it computes: a long queue or long audio is no sign of death.
    /// </summary>
    internal static (TimeSpan Delay, TimeSpan Timeout) Pings(TimeSpan silence)
    {
        // The handler looks at its clocks on a beat of a quarter of the shorter time, or of a second, whichever is longer, and so may
        // be late by one beat for each.
        var byQuarter = silence * 0.4;
        var bySecond = (silence / 2) - TimeSpan.FromSeconds(1);
        var each = byQuarter < bySecond ? byQuarter : bySecond;
        return (each, each);
    }

    private GrpcChannel OpenChannel(WorkerLease lease)
    {
        var handler = GrpcChannelDefaults.CreateHandler();
        handler.ConnectTimeout = options.Value.ConnectTimeout;
        (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = Pings(options.Value.SilentWorkerTimeout);

        var channel = GrpcChannelDefaults.CreateOptions(loggerFactory);
        channel.HttpHandler?.Dispose();
        channel.HttpHandler = trust?.Apply(handler, lease.WorkerId) ?? handler;
        return GrpcChannel.ForAddress(lease.Address, channel);
    }
}
