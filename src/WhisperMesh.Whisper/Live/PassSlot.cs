namespace WhisperMesh.Whisper.Live;

/// <summary>The one pass of a stream that may run. Not thread-safe.</summary>
internal sealed class PassSlot(LivePasses passes, CancellationToken cancellationToken)
{
    private CancellationTokenSource? _stop;
    private Task<Hypothesis>? _work;

    /// <summary>Ends with the pass; null when none runs.</summary>
    public Task? Running => _work;

    /// <summary>Where on the stream its audio ends.</summary>
    public long End { get; private set; }

    public void Start(PassWindow window)
    {
        End = window.End;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stop = _stop.Token;
        // Off the loop, which hears on meanwhile.
        _work = Task.Run(() => passes.RunAsync(window, stop), stop);
    }

    /// <summary>Waits for the pass; gives what it heard.</summary>
    public async Task<Hypothesis> TakeAsync()
    {
        try
        {
            return await _work!.ConfigureAwait(false);
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Gives the pass up, if one runs; waits until it has left the batch.</summary>
    public async Task StopAsync()
    {
        if (_work is { } work)
        {
            await _stop!.CancelAsync().ConfigureAwait(false);
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Clear();
        }
    }

    private void Clear()
    {
        _stop?.Dispose();
        (_work, _stop) = (null, null);
    }
}
