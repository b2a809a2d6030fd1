namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>
/// How fast work goes: audio seconds worked off per second in which there was work at all, whatever number of requests shared
/// that second. Newer seconds count more. Not thread-safe.
/// </summary>
public sealed class SpeedMeter(TimeProvider time)
{
    // Busy time after which what was measured before counts a third.
    private const double WindowSeconds = 60;

    // What is measured over less than this is chance.
    private const double LeastBusySeconds = 0.2;

    private int _active;
    private long _settledAt;
    private double _audioSeconds;
    private double _busySeconds;

    /// <summary>Audio seconds per busy second; 0 until there is enough to tell.</summary>
    public double AudioSecondsPerSecond { get; private set; }

    /// <summary>A request begins.</summary>
    public void Begin()
    {
        Settle();
        _active++;
    }

    /// <summary>So much audio has been worked off since the last call.</summary>
    public void Add(TimeSpan audio)
    {
        Settle();
        if (audio <= TimeSpan.Zero)
        {
            return;
        }

        _audioSeconds += audio.TotalSeconds;
        if (_busySeconds >= LeastBusySeconds)
        {
            AudioSecondsPerSecond = _audioSeconds / _busySeconds;
        }
    }

    /// <summary>A request ends, served or not.</summary>
    public void End()
    {
        Settle();
        _active--;
    }

    private void Settle()
    {
        var now = time.GetTimestamp();
        if (_active > 0)
        {
            var kept = Math.Exp(-time.GetElapsedTime(_settledAt, now).TotalSeconds / WindowSeconds);
            _busySeconds = (_busySeconds * kept) + (WindowSeconds * (1 - kept));
            _audioSeconds *= kept;
        }

        _settledAt = now;
    }
}
