namespace WhisperMesh.Router.Console.Mesh;

/// <summary>How one router is; each tells the others through Redis.</summary>
internal sealed record RouterReport
{
    public required string Id { get; init; }

    /// <summary>Where its HTTP API listens; for operators.</summary>
    public string? Address { get; init; }

    public required string Version { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset ReportedAt { get; init; }

    /// <summary>healthy, degraded, unhealthy or draining.</summary>
    public required string Health { get; init; }

    /// <summary>What is not well, in sentences; for operators.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether Redis answers: up, down, or none where there is none.</summary>
    public required string Redis { get; init; }

    /// <summary>Requests that wait for a worker.</summary>
    public required WaitingRequests Waiting { get; init; }

    /// <summary>Requests at workers.</summary>
    public required int Running { get; init; }

    /// <summary>What became of the requests of the last minutes.</summary>
    public required RecentCounts Recent { get; init; }

    /// <summary>Its live sessions; in a reply they stand in the mesh's list instead.</summary>
    public IReadOnlyList<LiveSessionObject>? LiveSessions { get; init; }
}

/// <summary>Requests that wait, by class.</summary>
internal sealed record WaitingRequests(int Live, int Interactive, int Bulk, double OldestSeconds);

/// <summary>Requests of the last <paramref name="Seconds"/>.</summary>
/// <param name="Seconds">How far back it goes.</param>
/// <param name="Served">Ended well.</param>
/// <param name="Failed">Ended with an error.</param>
/// <param name="Cancelled">Given up by their callers.</param>
/// <param name="Refused">Not let through: the queue was full, or they would have come too late.</param>
/// <param name="WorkerFailures">Tries at workers that died or failed; most are made good by another try.</param>
internal sealed record RecentCounts(int Seconds, long Served, long Failed, long Cancelled, long Refused, long WorkerFailures);

/// <summary>A live session, without its text.</summary>
internal sealed record LiveSessionObject
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Router { get; init; }

    /// <summary>Name under which it is published; empty: it is not.</summary>
    public required string CaptionName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public required string Worker { get; init; }
    public required string Model { get; init; }
    public required string Language { get; init; }
    public required double ReceivedSeconds { get; init; }

    /// <summary>Audio that waits for its words.</summary>
    public required double LagSeconds { get; init; }

    public required bool Busy { get; init; }
    public required bool Connected { get; init; }
}
