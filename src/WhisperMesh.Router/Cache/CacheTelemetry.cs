using System.Diagnostics.Metrics;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>Counts where results come from.</summary>
internal sealed class CacheTelemetry
{
    private readonly Counter<long> _requests;

    public CacheTelemetry(IMeterFactory meters, FlightBoard board)
    {
        var meter = meters.Create(RouterTelemetry.Name);
        _requests = meter.CreateCounter<long>(
            "whispermesh.router.cache.requests", "{request}", "Requests that could use the cache, by where their result came from.");
        meter.CreateObservableGauge(
            "whispermesh.router.cache.flights", () => board.Count, "{transcription}", "Transcriptions that other requests can join.");
        meter.CreateObservableGauge(
            "whispermesh.router.cache.waiting", () => board.Travellers, "{request}", "Requests that wait for these.");
    }

    public void OnServed(CacheResult result) => _requests.Add(1, new KeyValuePair<string, object?>("result", result switch
    {
        CacheResult.Hit => "hit",
        CacheResult.Shared => "shared",
        CacheResult.Miss => "miss",
        _ => "off",
    }));
}
