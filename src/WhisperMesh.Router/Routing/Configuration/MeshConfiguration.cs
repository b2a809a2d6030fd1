namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>The file that describes models, workers, upstreams, tenants and routes. Immutable; a changed file makes a new one.</summary>
internal sealed record MeshConfiguration
{
    /// <summary>What holds where there is no file.</summary>
    public static readonly MeshConfiguration Empty = new();

    /// <summary>Models by id, as callers name them.</summary>
    public IReadOnlyDictionary<string, ModelSettings> Models { get; init; } = new Dictionary<string, ModelSettings>();

    /// <summary>What is declared of workers, beyond what they say of themselves. Each entry counts for all workers that it matches.</summary>
    public IReadOnlyList<WorkerSettings> Workers { get; init; } = [];

    /// <summary>Other speech APIs that serve as workers.</summary>
    public IReadOnlyList<UpstreamSettings> Upstreams { get; init; } = [];

    /// <summary>Tenants by id; "*" holds for those that are not listed.</summary>
    public IReadOnlyDictionary<string, TenantSettings> Tenants { get; init; } = new Dictionary<string, TenantSettings>();

    /// <summary>Routes in order: the first that matches counts.</summary>
    public IReadOnlyList<RouteSettings> Routes { get; init; } = [];

    /// <summary>Requests that name no language.</summary>
    public LanguageSettings Languages { get; init; } = new();

    /// <summary>The cache of results.</summary>
    public CacheSettings Cache { get; init; } = new();

    /// <summary>The model's id where the name is an alias of one that is listed; else the name as it is.</summary>
    public string Resolve(string model)
    {
        if (!Models.ContainsKey(model))
        {
            foreach (var (id, settings) in Models)
            {
                if (settings.Aliases.Contains(model))
                {
                    return id;
                }
            }
        }

        return model;
    }
}
