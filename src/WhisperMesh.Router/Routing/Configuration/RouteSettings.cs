namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>One rule: which requests, and how they are served.</summary>
internal sealed record RouteSettings
{
    public const string DefaultPolicy = "least-load";
    public const string DefaultAffinityHeader = "x-whispermesh-session";

    public required string Name { get; init; }

    public RouteMatchSettings Match { get; init; } = new();

    /// <summary>How one worker is chosen among those that can serve: "least-load", "power-of-two", "weighted", "lowest-latency", "tiers" or "affinity".</summary>
    public string Policy { get; init; } = DefaultPolicy;

    /// <summary>Header whose value requests of one session share, for "affinity".</summary>
    public string AffinityHeader { get; init; } = DefaultAffinityHeader;

    /// <summary>Share by which a worker may be slower than the fastest and still be chosen, for "lowest-latency".</summary>
    public double LatencyBuffer { get; init; } = 0.5;

    /// <summary>Where it goes first; unset: any worker that serves what the request names.</summary>
    public PoolSettings? Pool { get; init; }

    /// <summary>Where it goes when nobody there can serve it, in order.</summary>
    public IReadOnlyList<PoolSettings> Fallbacks { get; init; } = [];

    /// <summary>Longest that a request may take.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Class of requests that ask for none, and the most urgent one they may have: "live", "interactive" or "bulk".</summary>
    public string? Priority { get; init; }

    public RetentionSettings Retention { get; init; } = RetentionSettings.Default;

    public QualitySettings? Quality { get; init; }

    public HedgingSettings? Hedging { get; init; }
}

/// <summary>Which requests: those to which all that is set applies; of a list, one entry must.</summary>
internal sealed record RouteMatchSettings
{
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>Languages that the request names, BCP-47; "auto": it names none.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>"transcribe", "translate", "synthesize".</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Values of the header <c>x-whispermesh-source</c>, such as "phone".</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Labels that the request carries, in the header <c>x-whispermesh-labels</c>: "team=a, kind=call".</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers and their values; "*" matches any value.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>Some workers and upstreams.</summary>
internal sealed record PoolSettings
{
    /// <summary>Model that serves; unset: the one that the request names.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Language whose workers are meant, BCP-47: those dedicated to it and those that take every one. The request keeps its own
    /// language, which they must know as well.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>Name of the one upstream meant; unset: workers, and upstreams that the tenant allows.</summary>
    public string? Upstream { get; init; }

    /// <summary>Labels that a worker must have, all of them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>What is kept of a request's result.</summary>
internal sealed record RetentionSettings
{
    public static readonly RetentionSettings Default = new();

    /// <summary>Whether the result may be cached.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>How long; unset: as the cache's settings say.</summary>
    public TimeSpan? TimeToLive { get; init; }
}

/// <summary>When a second worker is asked beside the first, and the slower of the two is cancelled.</summary>
internal sealed record HedgingSettings
{
    /// <summary>How long the first may go without an answer; unset: the 95th percentile of late.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Share of requests that may be asked twice, 0 to 1.</summary>
    public double Budget { get; init; } = 0.1;
}
