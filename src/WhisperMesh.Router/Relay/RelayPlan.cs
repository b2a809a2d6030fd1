using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;

namespace WhisperMesh.Router.Relay;

/// <summary>One request as the runner sees it.</summary>
internal sealed record RelayPlan
{
    /// <summary>Name for traces and measures.</summary>
    public required string Operation { get; init; }

    public required string RequestId { get; init; }

    /// <summary>What a worker must have.</summary>
    public required WorkerRequirements Requirements { get; init; }

    /// <summary>Notes what becomes of the request; null: nobody does.</summary>
    public Journey? Journey { get; init; }

    /// <summary>What a worker is sought for.</summary>
    public string Purpose { get; init; } = Purposes.Work;

    /// <summary>By which route it goes.</summary>
    public required RoutePlan Route { get; init; }

    /// <summary>When the answer is worth nothing any more.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>Workers that must not have it.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    /// <summary>Sends the request to a worker, and tells how long that took for how much audio; called again for another worker.</summary>
    public required Func<WorkerHold, RelayTry, CancellationToken, Task<WorkerOutcome>> TryAsync { get; init; }

    /// <summary>Makes ready for another try; false when that would repeat what the client has seen.</summary>
    public required Func<bool> TryRestart { get; init; }

    /// <summary>How much of the audio is done. A worker that dies after it has moved on did not die of the request.</summary>
    public Func<TimeSpan> Progress { get; init; } = static () => TimeSpan.Zero;

    /// <summary>Called when the connection to a worker broke while it had the request; may throw to end the request.</summary>
    public Func<string, ValueTask> OnDeathAsync { get; init; } = static _ => ValueTask.CompletedTask;
}

/// <summary>One try at a worker.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Entrant">Its part in a race with another; null: it has the request for itself.</param>
/// <param name="Noted">Takes what becomes of it; null: nobody does.</param>
internal sealed record RelayTry(int Number, RaceEntrant? Entrant = null, JourneyAttempt? Noted = null);
