namespace WhisperMesh.Router.Workers.Health;

/// <summary>
/// What this router's own calls say of a worker: its circuit, and how much of the work it should get. A failure pauses it for a
/// moment; many eject it for longer. After either, one request at a time is let through until one is served. Guarded by the pool's lock.
/// </summary>
internal sealed class WorkerHealth
{
    /// <summary>Least share of a worker that is new or slow: it must be heard of.</summary>
    private const double LeastShare = 0.1;

    /// <summary>Workers this much slower than the fastest count as equal: measured times scatter.</summary>
    private const double SlownessAllowed = 1.25;

    private readonly HealthOptions _options;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _time;
    private readonly OutcomeWindow _window;
    private readonly LatencyMeter _latency;
    private bool _open;
    private bool _probing;
    private long _pausedUntil;
    private long _busyUntil;
    private int _failuresInARow;
    private int _ejections;
    private long? _grownSince;
    private long _closedAt;
    private long _heardAt;

    /// <param name="options">The router's settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isNew">Whether it has just come to a pool that serves already.</param>
    public WorkerHealth(RouterOptions options, TimeProvider time, bool isNew = false)
    {
        (_options, _pause, _time) = (options.Health, options.FailedWorkerPause, time);
        _window = new OutcomeWindow(_options.FailureShareTime, time);
        _latency = new LatencyMeter(_options.LatencyMemory, time);
        _closedAt = _heardAt = time.GetTimestamp();
        _grownSince = isNew ? time.GetTimestamp() : null;
    }

    /// <summary>Whether it may have requests now; where no worker may, all are tried all the same.</summary>
    public bool IsAvailable => !IsPaused && !(_open && _probing) && _busyUntil <= _time.GetTimestamp();

    /// <summary>Whether it has failed, and not yet served again.</summary>
    public bool IsOpen => _open;

    /// <summary>Whether it is left out for many failures, and not yet proved well again.</summary>
    public bool IsEjected { get; private set; }

    /// <summary>Times that it was ejected.</summary>
    public int EjectionCount { get; private set; }

    /// <summary>Whether a probe would tell something: its pause is over, or nothing has been heard of it for a while.</summary>
    public bool IsProbeDue => !IsPaused && !_probing && (_open || _time.GetElapsedTime(_heardAt) >= _options.ProbeInterval);

    /// <summary>Seconds that it takes for a second of audio, of late; null when that is not known.</summary>
    public double? NormalizedLatency
    {
        get => _latency.Current;
        init => _latency.Add(TimeSpan.FromSeconds(value ?? 0), TimeSpan.FromSeconds(1));
    }

    /// <summary><see cref="NormalizedLatency"/> of the fastest worker beside it; null when none is known.</summary>
    public double? FastestLatency { get; set; }

    /// <summary>How much of its part of the work it should get, 0.1 to 1: less while it is new, and when others are faster.</summary>
    public double Share => Math.Max(LeastShare, Grown * Fastness);

    private bool IsPaused => _pausedUntil > _time.GetTimestamp();

    private double Grown => _grownSince is { } since && _options.SlowStart > TimeSpan.Zero
        ? Math.Clamp(_time.GetElapsedTime(since) / _options.SlowStart, LeastShare, 1)
        : 1;

    private double Fastness => NormalizedLatency is { } own && FastestLatency is { } fastest && own > SlownessAllowed * fastest
        ? fastest / own
        : 1;

    /// <summary>It was chosen. True when the request is the one that shows whether it is well again.</summary>
    public bool BeginTry()
    {
        if (!_open || _probing || IsPaused)
        {
            return false;
        }

        return _probing = true;
    }

    /// <summary>The request for which <see cref="BeginTry"/> gave true is over.</summary>
    public void EndProbe() => _probing = false;

    /// <param name="outcome">How a try ended.</param>
    /// <param name="mayEject">Whether enough others are left to eject this one.</param>
    public void On(WorkerOutcome outcome, bool mayEject = true)
    {
        if (outcome.Kind != WorkerOutcomeKind.Cancelled)
        {
            _heardAt = _time.GetTimestamp();
        }

        switch (outcome.Kind)
        {
            case WorkerOutcomeKind.Served:
                OnServed(outcome);
                break;
            case WorkerOutcomeKind.Busy:
                _busyUntil = After(outcome.RetryAfter ?? TimeSpan.Zero);
                CloseIfProbed();
                break;
            case WorkerOutcomeKind.Refused or WorkerOutcomeKind.Died or WorkerOutcomeKind.Failed:
                OnFailed(outcome, mayEject);
                break;
        }
    }

    /// <summary>What a probe showed. A bad answer counts as a failure; a good one proves less than a request that is served.</summary>
    public void OnProbe(bool serving, bool mayEject = true)
    {
        _heardAt = _time.GetTimestamp();
        if (!serving)
        {
            OnFailed(new WorkerOutcome(WorkerOutcomeKind.Refused), mayEject);
        }
    }

    private void OnServed(WorkerOutcome outcome)
    {
        _failuresInARow = 0;
        _window.Add(good: true);
        if (outcome.Audio > TimeSpan.Zero)
        {
            _latency.Add(outcome.Elapsed, outcome.Audio);
        }

        CloseIfProbed();
    }

    private void OnFailed(WorkerOutcome outcome, bool mayEject)
    {
        _window.Add(good: false);
        _failuresInARow++;
        var (count, badShare) = _window.Sum();
        var bad = _failuresInARow >= _options.ConsecutiveFailures
            || (count >= _options.FailureShareRequests && badShare >= _options.FailureShare)
            || (IsEjected && !IsPaused);
        if (bad && mayEject)
        {
            Eject();
        }
        else if (outcome.Kind != WorkerOutcomeKind.Failed)
        {
            Open(Longer(_pause, outcome.RetryAfter ?? TimeSpan.Zero));
        }
    }

    private void Eject()
    {
        // An ejection is forgiven for each stretch of that length without one.
        var forgiven = _open ? 0 : (int)Math.Min(_ejections, _time.GetElapsedTime(_closedAt) / _options.EjectionTime);
        _ejections += 1 - forgiven;
        IsEjected = true;
        EjectionCount++;
        _failuresInARow = 0;
        _window.Clear();
        var length = _options.EjectionTime * _ejections;
        Open(length < _options.MaxEjectionTime ? length : _options.MaxEjectionTime);
    }

    private void Open(TimeSpan pause)
    {
        _open = pause > TimeSpan.Zero;
        _pausedUntil = Math.Max(_pausedUntil, After(pause));
    }

    // Answers to what was sent before a pause prove nothing.
    private void CloseIfProbed()
    {
        if (!_open || IsPaused)
        {
            return;
        }

        (_open, IsEjected) = (false, false);
        _closedAt = _time.GetTimestamp();
        _grownSince = _closedAt;
    }

    private long After(TimeSpan pause) => _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
