namespace WhisperMesh.Router.Live;

/// <summary>Wakes whoever waits for a change. Guarded by the lock that guards what changes.</summary>
internal sealed class LiveSignal
{
    private TaskCompletionSource? _next;

    /// <summary>Ends with the next <see cref="Pulse"/>.</summary>
    public Task Next() => (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Pulse()
    {
        _next?.TrySetResult();
        _next = null;
    }
}
