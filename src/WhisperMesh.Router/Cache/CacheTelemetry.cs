using System.Diagnostics.Metrics;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;
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
            TelemetryNames.Metrics.CacheRequests, "{request}", "Requests that could use the cache, by where their result came from.");
        meter.CreateObservableGauge(
            TelemetryNames.Metrics.CacheFlights, () => board.Count, "{transcription}", "Transcriptions that other requests can join.");
        meter.CreateObservableGauge(
            TelemetryNames.Metrics.CacheWaiting, () => board.Travellers, "{request}", "Requests that wait for these.");
    }

    public void OnServed(CacheResult result) => _requests.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attributes.CacheOutcome, NameOf(result)));

    public static string NameOf(CacheResult result) => result switch
    {
        CacheResult.Hit => "hit",
        CacheResult.Shared => "shared",
        CacheResult.Miss => "miss",
        _ => "off",
    };
}
