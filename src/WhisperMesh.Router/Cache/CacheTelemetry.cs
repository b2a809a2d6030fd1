using System.Diagnostics.Metrics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>Counts where results come from.</summary>
internal sealed class CacheTelemetry(IMeterFactory meters)
{
    private readonly Counter<long> _requests = meters.Create(RouterTelemetry.Name).CreateCounter<long>(
        "whispermesh.router.cache.requests", "{request}", "Requests that could use the cache, by where their result came from.");

    public void OnServed(CacheResult result) => _requests.Add(1, new KeyValuePair<string, object?>("result", result switch
    {
        CacheResult.Hit => "hit",
        CacheResult.Shared => "shared",
        CacheResult.Miss => "miss",
        _ => "off",
    }));
}
