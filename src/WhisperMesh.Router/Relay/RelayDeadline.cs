namespace WhisperMesh.Router.Relay;

/// <summary>The time that a request has, enforced here and not only by the worker, which may hang.</summary>
internal sealed class RelayDeadline : IDisposable
{
    // Timers take no longer times; nobody waits that long.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly DateTime? _deadline;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource _linked;

    public RelayDeadline(DateTime? deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        (_deadline, _time) = (deadline, time);
        if (deadline is not null)
        {
            var left = Left;
            _timer = new CancellationTokenSource(left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest, time);
        }

        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timer?.Token ?? CancellationToken.None);
    }

    /// <summary>Cancelled when the caller is gone or the time is up.</summary>
    public CancellationToken Token => _linked.Token;

    public bool IsOver => _deadline is not null && (_timer!.IsCancellationRequested || Left <= TimeSpan.Zero);

    private TimeSpan Left => _deadline!.Value - _time.GetUtcNow().UtcDateTime;

    /// <summary>Throws when no work may be begun any more.</summary>
    public void Check()
    {
        if (IsOver)
        {
            throw RouterErrors.DeadlineExceeded();
        }

        Token.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        _linked.Dispose();
        _timer?.Dispose();
    }
}
