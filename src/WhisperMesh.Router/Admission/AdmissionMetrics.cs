using System.Diagnostics.Metrics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Admission;

/// <summary>Length and age of the queue, what was refused and why, and the limits of the workers.</summary>
internal sealed class AdmissionMetrics
{
    private static readonly (int Index, string Name)[] Classes = [(0, "live"), (1, "interactive"), (2, "bulk")];

    private readonly Meter _meter;
    private readonly Counter<long> _shed;
    private readonly Histogram<double> _wait;

    public AdmissionMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(RouterTelemetry.Name);
        _shed = _meter.CreateCounter<long>(TelemetryNames.Metrics.Shed, "{request}", "Requests that were not let through, by reason.");
        _wait = _meter.CreateHistogram<double>(TelemetryNames.Metrics.QueueWait, "s", "Time in the queue of requests that had to wait.");
    }

    public void Observe(Func<int, QueueSnapshot> queue, Func<IReadOnlyList<(string WorkerId, int Limit)>> limits)
    {
        _meter.CreateObservableGauge(
            TelemetryNames.Metrics.QueueLength,
            () => Classes.Select(entry => new Measurement<int>(queue(entry.Index).Length, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Class, entry.Name))),
            "{request}",
            "Requests that wait for a worker.");
        _meter.CreateObservableGauge(
            TelemetryNames.Metrics.QueueAge,
            () => Classes.Select(entry => new Measurement<double>(
                queue(entry.Index).Age.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Class, entry.Name))),
            "s",
            "How long the oldest of them has waited.");
        _meter.CreateObservableGauge(
            TelemetryNames.Metrics.WorkerLimit,
            () => limits().Select(entry => new Measurement<int>(entry.Limit, new KeyValuePair<string, object?>(TelemetryNames.Attributes.WorkerId, entry.WorkerId))),
            "{request}",
            "Requests that a worker gets at once, as its latency shows.");
    }

    public void Shed(RequestClass requestClass, string reason) =>
        _shed.Add(1, new(TelemetryNames.Attributes.Class, Name(requestClass)), new(TelemetryNames.Attributes.Reason, reason));

    public void Waited(RequestClass requestClass, TimeSpan wait) => _wait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Class, Name(requestClass)));

    private static string Name(RequestClass requestClass) => Classes[ServiceDefaults.Workers.ClassTurns.IndexOf(requestClass)].Name;
}

/// <summary>A class's part of the queue at one moment.</summary>
internal readonly record struct QueueSnapshot(int Length, TimeSpan Age);

/// <summary>Why a request was not let through; values of the tag for the reason.</summary>
internal static class ShedReasons
{
    /// <summary>Its deadline passed while it waited, or before.</summary>
    public const string Deadline = "deadline";

    /// <summary>It was predicted to end after its deadline.</summary>
    public const string Late = "late";

    /// <summary>It was predicted to wait for too long.</summary>
    public const string Wait = "wait";

    /// <summary>The queue was full, and its tenant had its share of it.</summary>
    public const string Share = "share";

    /// <summary>The queue was full.</summary>
    public const string Full = "full";

    /// <summary>The caller went away.</summary>
    public const string Cancelled = "cancelled";
}
