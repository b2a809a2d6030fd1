namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>What a tenant may do, and how much.</summary>
internal sealed record TenantSettings
{
    /// <summary>Upstreams that its audio and text may go to; "*" allows all. None unless said.</summary>
    public IReadOnlyList<string> Upstreams { get; init; } = [];

    /// <summary>Its share beside other tenants where all of them wait, above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Most urgent class that it may ask for: "live", "interactive" or "bulk".</summary>
    public string HighestClass { get; init; } = "live";

    /// <summary>Budgets; what is not set is not bounded.</summary>
    public BudgetSettings Budgets { get; init; } = new();

    /// <summary>Results are neither cached nor kept.</summary>
    public bool NoStore { get; init; }

    /// <summary>What was heard for it stands in records of its requests and in the router's log. Not unless said.</summary>
    public bool KeepText { get; init; }
}

/// <summary>How much a tenant, or a key, may use.</summary>
internal sealed record BudgetSettings
{
    public int? RequestsPerMinute { get; init; }

    public double? AudioMinutesPerDay { get; init; }

    public long? CharactersPerDay { get; init; }

    public int? ConcurrentStreams { get; init; }
}
