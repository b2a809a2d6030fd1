namespace Aspire.Dashboard.Telemetry;

/// <summary>One series over the last while. Guarded by <see cref="TelemetryStore"/>.</summary>
internal sealed class MetricSeries
{
    public const int MaxSamples = 240;
    private const int TrimAt = MaxSamples + 60;
    private const int MaxExemplars = 20;
    private const long SampleBytes = 48;

    private readonly List<MetricSample> _samples = [];
    private readonly Queue<Exemplar> _exemplars = new();
    private MetricPoint _latest;
    private double _value;
    private double _count;
    private ulong[] _buckets = [];

    public MetricSeries(MetricPoint first) => _latest = first with { Value = 0, Sum = 0, Count = 0, Buckets = [], TimeNanos = 0 };

    /// <summary>Samples are kept one to a slot; with <see cref="MaxSamples"/> that is twenty minutes.</summary>
    public static TimeSpan SlotTime { get; } = TimeSpan.FromSeconds(5);

    public MetricPoint Latest => _latest;

    public static long SlotOf(DateTimeOffset time) => (long)((time - DateTimeOffset.UnixEpoch) / SlotTime);

    /// <summary>Takes a point. The time is ours: a sender's clock may be wrong, and its points must not leave the chart.</summary>
    public void Add(MetricPoint point, long slot)
    {
        if (!_latest.Bounds.AsSpan().SequenceEqual(point.Bounds))
        {
            // Other buckets can't be compared.
            _samples.Clear();
            (_buckets, _count, _value) = ([], 0, 0);
            _latest = _latest with { Count = 0, Sum = 0, Buckets = [] };
        }

        if (_samples.Count == 0 && BeganJustNow(point, slot))
        {
            _samples.Add(new MetricSample(slot - 1, 0, 0, []));
        }

        Count(point);
        _latest = point;
        Keep(new MetricSample(slot, _value, _count, _buckets));
        foreach (var exemplar in point.Exemplars.Where(e => !_exemplars.Contains(e)))
        {
            _exemplars.Enqueue(exemplar);
            if (_exemplars.Count > MaxExemplars)
            {
                _exemplars.Dequeue();
            }
        }
    }

    public MetricSeriesSnapshot Snapshot() => new(_latest, [.. _samples], [.. _exemplars]);

    /// <summary>What the series occupies, roughly; buckets that samples share count once.</summary>
    public long Bytes()
    {
        var bytes = Footprint.Of(_latest) + (160L * _exemplars.Count) + (SampleBytes * _samples.Capacity);
        ulong[]? last = null;
        foreach (var sample in _samples)
        {
            bytes += ReferenceEquals(sample.Buckets, last) ? 0 : 24 + (8L * sample.Buckets.Length);
            last = sample.Buckets;
        }

        return bytes;
    }

    /// <summary>What was counted since a moment ago was counted in our time; what a sender brings from long ago would be a false peak.</summary>
    private static bool BeganJustNow(MetricPoint point, long slot)
    {
        var began = UnixNanos.ToTime(point.StartNanos);
        return point.Shape != MetricKind.Gauge && (point.IsDelta || Math.Abs(slot - SlotOf(began)) < MaxSamples / 4);
    }

    private void Count(MetricPoint point)
    {
        var (before, now) = (_latest.Value ?? _latest.Sum ?? 0, point.Value ?? point.Sum ?? 0);
        if (point.Shape == MetricKind.Gauge)
        {
            _value = point.IsDelta ? _value + now : now;
            return;
        }

        // A sender that began anew counts from zero.
        var isAnew = point.IsDelta
            || (point.StartNanos != 0 && _latest.StartNanos != 0 && point.StartNanos != _latest.StartNanos)
            || (point.Count ?? 0) < (_latest.Count ?? 0)
            || (point.Shape == MetricKind.Counter && now < before);
        var grown = isAnew ? now : now - before;
        _value += double.IsFinite(grown) ? grown : 0;
        _count += isAnew ? point.Count ?? 0 : (double)(point.Count ?? 0) - (_latest.Count ?? 0);
        AddBuckets(point.Buckets, isAnew ? [] : _latest.Buckets);
    }

    private void AddBuckets(ulong[] now, ulong[] before)
    {
        var same = _buckets.Length == now.Length && (before.Length == now.Length ? now.AsSpan().SequenceEqual(before) : !now.AsSpan().ContainsAnyExcept(0ul));
        if (same)
        {
            return;
        }

        var sum = new ulong[now.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            var added = before.Length == now.Length && now[i] >= before[i] ? now[i] - before[i] : now[i];
            sum[i] = unchecked((_buckets.Length == now.Length ? _buckets[i] : 0) + added);
        }

        _buckets = sum;
    }

    private void Keep(MetricSample sample)
    {
        if (_samples.Count > 0 && _samples[^1].Slot >= sample.Slot)
        {
            // Never backwards, whatever our clock does.
            _samples[^1] = sample with { Slot = _samples[^1].Slot };
            return;
        }

        _samples.Add(sample);
        if (_samples.Count >= TrimAt)
        {
            _samples.RemoveRange(0, _samples.Count - MaxSamples);
        }
    }
}
