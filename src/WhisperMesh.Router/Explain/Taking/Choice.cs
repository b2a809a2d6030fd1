using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>
/// One choice of a worker: who was there, and how each stood at that moment. Noted with the pool's lock held, so only what changes is
/// copied; why each was not taken is worked out when someone asks. Leases are replaced, never changed.
/// </summary>
internal sealed class Choice(
    long at, string purpose, IReadOnlyList<WorkerLease> workers, WorkerRequirements requirements, RoutePlan plan, IReadOnlySet<string> tried)
{
    /// <summary>Candidates that are noted; of more, the others' numbers are not known.</summary>
    private const int MostNoted = 32;

    private List<string>? _passedOver;

    public long At { get; private set; } = at;

    public string Purpose { get; } = purpose;

    public IReadOnlyList<WorkerLease> Workers { get; } = workers;

    public WorkerRequirements Requirements { get; } = requirements;

    public RoutePlan Plan { get; } = plan;

    /// <summary>Workers that were not to be asked.</summary>
    public IReadOnlyList<string> Tried { get; } = tried.Count == 0 ? [] : [.. tried];

    /// <summary>The pool that was chosen from, or looked at last.</summary>
    public int PoolIndex { get; private set; }

    /// <summary>What the pools before it lacked.</summary>
    public IReadOnlyList<string> PassedOver => _passedOver ?? [];

    public IReadOnlyList<ChoiceCandidate> Candidates { get; private set; } = [];

    /// <summary>Who was chosen; null: nobody.</summary>
    public string? ChosenId { get; private set; }

    /// <summary>Why.</summary>
    public string Reason { get; private set; } = "";

    public void Pass(string why) => (_passedOver ??= []).Add(why);

    public void Look(int poolIndex, List<WorkerCandidate> candidates)
    {
        var noted = new ChoiceCandidate[Math.Min(candidates.Count, MostNoted)];
        for (var i = 0; i < noted.Length; i++)
        {
            noted[i] = ChoiceCandidate.Of(candidates[i]);
        }

        (PoolIndex, Candidates) = (poolIndex, noted);
    }

    public void Choose(WorkerCandidate chosen, string reason)
    {
        var id = chosen.Match.Worker.WorkerId;
        if (!Candidates.Any(candidate => candidate.WorkerId == id))
        {
            Candidates = [.. Candidates, ChoiceCandidate.Of(chosen)];
        }

        (ChosenId, Reason) = (id, reason);
    }
}

/// <summary>How a worker that could serve stood.</summary>
internal readonly record struct ChoiceCandidate(
    string WorkerId,
    string Model,
    bool IsAvailable,
    bool IsEjected,
    bool IsOpen,
    bool IsFull,
    bool IsDedicated,
    int Tier,
    double LoadSeconds,
    int Active,
    int Limit,
    double? SecondsPerAudioSecond)
{
    public static ChoiceCandidate Of(WorkerCandidate candidate)
    {
        var state = candidate.State;
        return new ChoiceCandidate(
            candidate.Match.Worker.WorkerId,
            candidate.Match.Model.Model.Id,
            state.Health.IsAvailable,
            state.Health.IsEjected,
            state.Health.IsOpen,
            state.IsFull,
            candidate.Match.IsDedicated,
            candidate.Match.Worker.Capabilities.Tier,
            candidate.Load,
            state.Occupied,
            state.Limit,
            state.Health.NormalizedLatency);
    }
}
