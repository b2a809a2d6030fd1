using System.Diagnostics.Metrics;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Usage;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Telemetry;

/// <summary>Measures of what all tenants together have used, and were refused. Whose it is, is in the usage reports.</summary>
internal sealed class BudgetMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<double> _audio;
    private readonly Counter<long> _characters;
    private readonly Counter<long> _denied;

    public BudgetMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RouterTelemetry.Name);
        _requests = meter.CreateCounter<long>(TelemetryNames.Metrics.BudgetRequests, "{request}", "Requests that count in usage.");
        _audio = meter.CreateCounter<double>(TelemetryNames.Metrics.BudgetAudio, "s", "Audio that counts in usage.");
        _characters = meter.CreateCounter<long>(TelemetryNames.Metrics.BudgetCharacters, "{character}", "Characters that count in usage.");
        _denied = meter.CreateCounter<long>(
            TelemetryNames.Metrics.BudgetDenied, "{request}", "Requests, or parts of a live stream, that a budget had no room for, by which.");
    }

    public void OnSpent(UsageAmounts amounts)
    {
        _requests.Add(amounts.Requests);
        _audio.Add(amounts.AudioMilliseconds / 1000d);
        _characters.Add(amounts.Characters);
    }

    public void OnDenied(BudgetKind kind) => _denied.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Reason, kind switch
    {
        BudgetKind.Requests => "requests",
        BudgetKind.Audio => "audio",
        BudgetKind.Characters => "characters",
        _ => "streams",
    }));
}
