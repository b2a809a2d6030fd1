using Google.Protobuf;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Reads leases as they stand in Redis, where anyone may have written them, and takes the good ones.</summary>
internal sealed partial class LeaseReader(LeaseSeal seal, MeshCertificates certificates, ILogger<LeaseReader> logger)
{
    // Each fault of each worker is logged once; the bound is for someone who writes many ids.
    private const int LoggedBound = 1000;

    private readonly HashSet<(string WorkerId, string Reason)> _logged = [];

    /// <summary>The lease, or null where there is none or it can't be trusted.</summary>
    public TrustedLease? Read(string workerId, RedisValue value)
    {
        if (value.IsNull)
        {
            return null;
        }

        try
        {
            var closed = SealedWorkerLease.Parser.ParseFrom((byte[])value!);
            var lease = WorkerLease.Parser.ParseFrom(closed.Lease);
            if ((seal.WhyRefused(closed) ?? WhyRefused(workerId, lease)) is not { } reason)
            {
                return new TrustedLease(lease, closed.Counter);
            }

            Refuse(workerId, reason);
        }
        catch (InvalidProtocolBufferException)
        {
            Refuse(workerId, "it can't be read");
        }

        return null;
    }

    private string? WhyRefused(string workerId, WorkerLease lease) =>
        lease.WorkerId != workerId ? "it is of another worker"
        : !Uri.TryCreate(lease.Address, UriKind.Absolute, out var address) ? "it has no address"
        // Over plain HTTP anyone could stand at the address.
        : certificates.AreSet && address.Scheme != Uri.UriSchemeHttps ? "it has no TLS, which Mesh:Tls demands"
        : null;

    private void Refuse(string workerId, string reason)
    {
        if (_logged.Count < LoggedBound && _logged.Add((workerId, reason)))
        {
            LogRefused(logger, workerId, reason);
        }
    }

    [LoggerMessage(EventId = 281, Level = LogLevel.Warning, Message = "The lease of worker {WorkerId} is ignored: {Reason}")]
    private static partial void LogRefused(ILogger logger, string workerId, string reason);
}
