namespace WhisperMesh.Router.Workers.Load;

/// <summary>
/// Requests that one worker gets at once: additive increase, multiplicative decrease on latency per audio second. AIMD rather
/// than a gradient, because speech requests are few and long: a gradient needs hundreds of samples for its two averages, AIMD acts
/// on the first request that is overdue, before it has even ended. Guarded by the pool's lock.
/// </summary>
internal sealed class ConcurrencyLimit(TimeProvider time)
{
    /// <summary>Share that is left after a second with a slow request.</summary>
    private const double Decrease = 0.7;

    /// <summary>Share of the most that a second without one adds; at least one request.</summary>
    private const double Increase = 0.05;

    /// <summary>How many times the usual latency is slow.</summary>
    private const double Tolerance = 2.5;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Overdue by less than this is noise.</summary>
    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(100);

    private double _limit = double.PositiveInfinity;
    private long _steppedAt = time.GetTimestamp();
    private bool _slow;

    public LatencyCurves Curves { get; } = new();

    /// <summary>Requests at once, 1 to <paramref name="most"/>.</summary>
    public int Current(int most, IReadOnlyList<RunningWork> running)
    {
        var now = time.GetTimestamp();
        var steps = (int)Math.Min(100, time.GetElapsedTime(_steppedAt, now) / Step);
        if (steps > 0)
        {
            _steppedAt = now;
            StepBy(steps, most, _slow || running.Any(entry => IsOverdue(entry, now)));
            _slow = false;
        }

        return (int)Math.Clamp(_limit, 1, most);
    }

    /// <summary>A request was served.</summary>
    public void OnServed(RunningWork entry)
    {
        if (entry.TellingSince(time) is not { } since)
        {
            return;
        }

        var slow = IsOverdue(entry, time.GetTimestamp());
        _slow |= slow;
        Curves.Of(entry.Work.AudioSeconds).Learn(
            entry.Concurrency,
            LatencyCurve.Normalize(time.GetElapsedTime(since), entry.Work.AudioSeconds),
            !slow);
    }

    /// <summary>The worker refused for want of room: it knows best.</summary>
    public void OnFull() => _slow = true;

    private void StepBy(int steps, int most, bool slow)
    {
        _limit = Math.Clamp(_limit, 1, most);
        // Nothing was seen of the steps before the last one: they count as good.
        var good = slow ? steps - 1 : steps;
        _limit = Math.Min(most, _limit + (good * Math.Max(1, Increase * most)));
        _limit = slow ? Math.Max(1, _limit * Decrease) : _limit;
    }

    private TimeSpan? Expected(RunningWork entry) =>
        Curves.Of(entry.Work.AudioSeconds).Expected(entry.Concurrency, entry.Work.AudioSeconds);

    private bool IsOverdue(RunningWork entry, long now)
    {
        if (entry.TellingSince(time) is not { } since || Expected(entry) is not { } expected)
        {
            return false;
        }

        var elapsed = time.GetElapsedTime(since, now);
        return elapsed > expected * Tolerance && elapsed - expected > LeastDelay;
    }
}
