namespace WhisperMesh.Router.Admission;

/// <summary>
/// Work that leaves a queue per second while there is some in it: what predictions and Retry-After go by. Begins with what the
/// workers should do and leans on what they did as that is measured. Not thread-safe.
/// </summary>
internal sealed class DrainRate(TimeProvider time)
{
    // Time with work waiting after which what was measured before counts a third.
    private const double WindowSeconds = 10;

    // How long the assumption counts as if it had been measured.
    private const double AssumedSeconds = 1;

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private double _left;
    private double _seconds;
    private long _settledAt = time.GetTimestamp();
    private bool _waiting;

    /// <summary>Whether enough was measured to refuse by it.</summary>
    public bool IsMeasured => _seconds >= AssumedSeconds;

    /// <summary>Whether work waits from now on.</summary>
    public void Waits(bool waiting)
    {
        Settle();
        _waiting = waiting;
    }

    /// <summary>So many seconds of work have left it.</summary>
    public void Leaves(double cost)
    {
        Settle();
        if (_waiting)
        {
            _left += cost;
        }
    }

    /// <summary>Seconds of work per second.</summary>
    /// <param name="workers">Workers, each of which should do one.</param>
    public double PerSecond(int workers)
    {
        Settle();
        return ((Math.Max(1, workers) * AssumedSeconds) + _left) / (AssumedSeconds + _seconds);
    }

    private void Settle()
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_settledAt, now);
        if (_waiting)
        {
            var kept = Math.Exp(-elapsed.TotalSeconds / WindowSeconds);
            _left *= kept;
            _seconds = (_seconds * kept) + (WindowSeconds * (1 - kept));
        }
        else if (elapsed > Forgotten)
        {
            (_left, _seconds) = (0, 0);
        }

        _settledAt = now;
    }
}
