using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>What the routes say of one request. Made once, by <see cref="IRoutePlanner"/>, and read by every stage after it.</summary>
internal sealed record RoutePlan
{
    public const string DefaultName = "default";

    /// <summary>A plan without any configuration.</summary>
    public static readonly RoutePlan Default = new();

    public string Name { get; init; } = DefaultName;

    /// <summary>Pools to try in order: the first is the route's own, the others its fallbacks. At least one.</summary>
    public IReadOnlyList<RoutePool> Pools { get; init; } = [RoutePool.Any];

    public string Policy { get; init; } = RouteSettings.DefaultPolicy;

    /// <summary>Value that requests of one session share, for the affinity policy; null: none.</summary>
    public string? Session { get; init; }

    /// <summary>Share by which a worker may be slower than the fastest and still be chosen, for the policy of lowest latency.</summary>
    public double LatencyBuffer { get; init; } = 0.5;

    public RequestClass Class { get; init; } = RequestClass.Interactive;

    /// <summary>When the answer is worth nothing any more: the caller's deadline or the route's, whichever is sooner.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>Upstreams that this caller's audio may go to: their names; "*" means all.</summary>
    public IReadOnlySet<string> AllowedUpstreams { get; init; } = new HashSet<string>();

    public RetentionSettings Retention { get; init; } = RetentionSettings.Default;

    /// <summary>Whether records and the log may have the text of its result.</summary>
    public bool KeepsText { get; init; }

    /// <summary>What becomes of a doubtful result; null: it is only flagged.</summary>
    public QualitySettings? Quality { get; init; }

    /// <summary>When a second worker is asked as well; null: never.</summary>
    public HedgingSettings? Hedging { get; init; }

    /// <summary>How much work it is thought to be; null until it is admitted.</summary>
    public PredictedWork? Work { get; init; }

    public bool AllowsUpstream(string name) => AllowedUpstreams.Contains(name) || AllowedUpstreams.Contains("*");
}

/// <summary>Workers that may serve: those that have all of this.</summary>
/// <param name="Model">Model id, aliases resolved; null: what the request names.</param>
/// <param name="Labels">Labels that a worker must have.</param>
/// <param name="Language">
/// Language whose workers are meant: those dedicated to it and those that take every one; null: what the request names. The request
/// keeps its own language, which they must know as well.
/// </param>
/// <param name="Upstream">Name of the one upstream meant; null: workers and allowed upstreams.</param>
internal sealed record RoutePool(
    string? Model = null, IReadOnlyDictionary<string, string>? Labels = null, string? Language = null, string? Upstream = null)
{
    public static readonly RoutePool Any = new();
}
