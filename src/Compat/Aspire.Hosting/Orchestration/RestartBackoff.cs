namespace Aspire.Hosting.Orchestration;

/// <summary>
/// When to start a process again that ended by itself: after 1 s, then twice as long each time up to 30 s; one that stayed healthy for a
/// minute begins anew. One that has never been healthy is given up after five starts, since it won't get better by itself.
/// </summary>
internal sealed class RestartBackoff(TimeProvider timeProvider)
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);
    public const int StartsBeforeGivingUp = 5;

    private int _failures;
    private bool _everHealthy;
    private long? _healthySince;

    public void OnHealthy()
    {
        _everHealthy = true;
        _healthySince ??= timeProvider.GetTimestamp();
    }

    /// <summary>The wait before the next start, or null where there shall be none.</summary>
    public TimeSpan? OnExited()
    {
        if (_healthySince is { } since && timeProvider.GetElapsedTime(since) >= GoodRun)
        {
            _failures = 0;
        }

        _healthySince = null;
        _failures++;
        if (!_everHealthy && _failures >= StartsBeforeGivingUp)
        {
            return null;
        }

        // The exponent is capped: a worker that crashes for days must not overflow it.
        var delay = FirstDelay * Math.Pow(2, Math.Min(_failures - 1, 16));
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
