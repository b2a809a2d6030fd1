namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>The cache of results, in Redis.</summary>
internal sealed record CacheSettings
{
    public bool Enabled { get; init; } = true;

    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes that the results of one tenant may take; the oldest go first.</summary>
    public long MaxBytesPerTenant { get; init; } = 64L << 20;
}
