using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WhisperMesh.Router.Routing.Policies;

/// <summary>
/// The same worker for the same session, on every router, by rendezvous hashing: each worker draws a number for the session and the
/// highest has it, so that only the sessions of a worker that goes away move. Without a session, the least loaded.
/// </summary>
internal sealed class AffinityPolicy : IWorkerSelectionPolicy
{
    public string Name => "affinity";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context) =>
        context.Session is { Length: > 0 } session
            ? candidates.MaxBy(candidate => Score(session, candidate))
            : candidates.MinBy(candidate => candidate.Burden);

    // Of workers of the same weight the highest draw wins; the logarithm gives one of twice the weight twice the sessions.
    private static double Score(string session, WorkerCandidate candidate) =>
        -WorkerWeight.Of(candidate) / Math.Log(Draw(session, candidate.Match.Worker.WorkerId));

    /// <summary>A number between 0 and 1, both excluded, that session and worker alone decide.</summary>
    private static double Draw(string session, string workerId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{workerId}\n{session}"), hash);
        return ((BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }
}
