namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>What is declared of some workers; what is not set stays as they say themselves.</summary>
internal sealed record WorkerSettings
{
    /// <summary>Which workers it is about.</summary>
    public WorkerMatchSettings Match { get; init; } = new();

    /// <summary>Languages that they are meant for, BCP-47: preferred for these, and for no others.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>What they may do: "transcribe", "translate", "synthesize". Unset: what they can.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>Requests at once, all routers together; unset: their own limit.</summary>
    public int? Capacity { get; init; }

    /// <summary>Share of the work beside others, above 0.</summary>
    public double? Weight { get; init; }

    /// <summary>Lower tiers are asked first; a higher one only when those are full or none of them is left.</summary>
    public int? Tier { get; init; }

    /// <summary>Labels that are added to their own.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which workers: those to which all that is set applies.</summary>
internal sealed record WorkerMatchSettings
{
    /// <summary>Worker id, with * for any rest, such as "transcription-*".</summary>
    public string? Id { get; init; }

    /// <summary>Address of its gRPC, such as "http://10.0.0.7:7001".</summary>
    public string? Address { get; init; }

    /// <summary>Model that it serves.</summary>
    public string? Model { get; init; }

    /// <summary>Labels that it says of itself.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
