using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>Seals leases and checks seals.</summary>
internal sealed class LeaseSeal(MeshSecret secret, MeshClock clock)
{
    /// <summary>Oldest lease that is taken: a worker that lives renews far more often, so an older one has been kept and put back.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(30);

    public SealedWorkerLease Close(WorkerLease lease, long counter)
    {
        var closed = new SealedWorkerLease
        {
            Lease = lease.ToByteString(),
            IssueTimeMs = clock.Now.ToUnixTimeMilliseconds(),
            Counter = counter,
        };
        if (secret.LeaseKey is { } key)
        {
            closed.Seal = ByteString.CopyFrom(Mac(key, closed));
        }

        return closed;
    }

    /// <summary>Why the lease can't be trusted; null where it can.</summary>
    public string? WhyRefused(SealedWorkerLease closed)
    {
        if (secret.LeaseKey is { } key)
        {
            if (closed.Seal.IsEmpty)
            {
                return "it has no seal";
            }

            if (!CryptographicOperations.FixedTimeEquals(closed.Seal.Span, Mac(key, closed)))
            {
                return "its seal is wrong; is the worker's Mesh:Secret another one?";
            }
        }
        else if (!closed.Seal.IsEmpty)
        {
            return "it is sealed, and this process has no Mesh:Secret";
        }

        // As floating point: a time that someone made up must not overflow.
        var ageMs = (double)clock.Now.ToUnixTimeMilliseconds() - closed.IssueTimeMs;
        return Math.Abs(ageMs) > MaximumAge.TotalMilliseconds ? "it is not of now" : null;
    }

    private static byte[] Mac(byte[] key, SealedWorkerLease closed)
    {
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(numbers, closed.IssueTimeMs);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], closed.Counter);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(numbers);
        mac.AppendData(closed.Lease.Span);
        return mac.GetHashAndReset();
    }
}
