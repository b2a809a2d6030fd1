namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Whether this worker holds a lease, as far as it has been told.</summary>
internal sealed class LeaseState(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private long? _writtenAt;

    /// <summary>Whether it ever was written.</summary>
    public bool WasHeld
    {
        get
        {
            lock (_lock)
            {
                return _writtenAt is not null;
            }
        }
    }

    /// <summary>Whether it was written lately enough not to have run out.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_lock)
            {
                return _writtenAt is { } written && timeProvider.GetElapsedTime(written) < LeaseKeys.Duration;
            }
        }
    }

    public void OnWritten()
    {
        lock (_lock)
        {
            _writtenAt = timeProvider.GetTimestamp();
        }
    }
}
