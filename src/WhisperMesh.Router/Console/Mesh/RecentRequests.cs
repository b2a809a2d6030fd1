using System.Diagnostics.Metrics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>Counts what became of the requests of the last five minutes. It listens to this router's own measures.</summary>
internal sealed class RecentRequests : IDisposable
{
    private const int BucketSeconds = 10;
    private const int BucketCount = 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long>[] _buckets = [.. Enumerable.Range(0, BucketCount).Select(_ => new Dictionary<string, long>())];
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;
    private readonly long _begin;
    private long _bucket;

    public RecentRequests(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _begin = time.GetTimestamp();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other routers of the same process, as in tests, have meters of other factories.
            if (instrument.Meter.Name == RouterTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters)
                && instrument.Name is RequestDuration or Attempts or Shed)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Count(instrument, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Count(instrument, tags));
        _listener.Start();
    }

    private const string RequestDuration = TelemetryNames.Metrics.RequestDuration;
    private const string Attempts = TelemetryNames.Metrics.Attempts;
    private const string Shed = TelemetryNames.Metrics.Shed;

    public RecentCounts Counts()
    {
        lock (_gate)
        {
            Advance();
            return new RecentCounts(
                BucketSeconds * BucketCount,
                Sum(RequestDuration, Outcomes.Served),
                Sum(RequestDuration, Outcomes.Failed),
                Sum(RequestDuration, Outcomes.Cancelled),
                Sum(Shed, ""),
                Sum(Attempts, Outcomes.Died) + Sum(Attempts, Outcomes.Failed));
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var outcome = "";
        foreach (var (name, value) in tags)
        {
            if (name == TelemetryNames.Attributes.Outcome && value is string text)
            {
                outcome = text;
            }
            else if (name == TelemetryNames.Attributes.Reason && value is Admission.ShedReasons.Cancelled)
            {
                // Whoever goes away while waiting was not refused.
                return;
            }
        }

        lock (_gate)
        {
            Advance();
            var counts = _buckets[_bucket % BucketCount];
            var key = Key(instrument.Name, outcome);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    private void Advance()
    {
        var now = (long)_time.GetElapsedTime(_begin).TotalSeconds / BucketSeconds;
        for (var next = Math.Max(_bucket + 1, now - BucketCount + 1); next <= now; next++)
        {
            _buckets[next % BucketCount].Clear();
        }

        _bucket = now;
    }

    private long Sum(string instrument, string outcome) => _buckets.Sum(counts => counts.GetValueOrDefault(Key(instrument, outcome)));

    private static string Key(string instrument, string outcome) => $"{instrument}/{outcome}";
}
