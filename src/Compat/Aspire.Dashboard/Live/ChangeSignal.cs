namespace Aspire.Dashboard.Live;

/// <summary>Tells those who watch that something is new; what, they look up themselves. Any thread may raise or wait.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private long _version;
    private TaskCompletionSource? _waiters;

    /// <summary>Grows with every change, so that a page can tell that nothing is new.</summary>
    public long Version => Volatile.Read(ref _version);

    public void Raise()
    {
        TaskCompletionSource? waiters;
        lock (_gate)
        {
            _version++;
            (waiters, _waiters) = (_waiters, null);
        }

        waiters?.TrySetResult();
    }

    /// <summary>Waits until the version is beyond <paramref name="known"/>.</summary>
    public Task WaitAsync(long known, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _version > known
                ? Task.CompletedTask
                : (_waiters ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }
}
