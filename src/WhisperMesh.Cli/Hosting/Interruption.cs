namespace WhisperMesh.Cli.Hosting;

/// <summary>
/// Ctrl+C and the signal to terminate. Both cancel the command; but one that can end well may take the first Ctrl+C for that.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private Action? _finish;

    /// <summary>Cancelled when the command is to stop at once.</summary>
    internal CancellationToken Token => _cancellation.Token;

    /// <summary>Lets the next Ctrl+C end the command well instead of cancelling it.</summary>
    internal void FinishBy(Action finish) => _finish = finish;

    /// <summary>Ctrl+C. False: the command was cancelled already, and the process is to end the hard way.</summary>
    internal bool Interrupt()
    {
        if (Interlocked.Exchange(ref _finish, null) is { } finish)
        {
            finish();
            return true;
        }

        return Terminate();
    }

    /// <summary>The signal to terminate. False: as for <see cref="Interrupt"/>.</summary>
    internal bool Terminate()
    {
        var isFirst = !_cancellation.IsCancellationRequested;
        _cancellation.Cancel();
        return isFirst;
    }

    public void Dispose() => _cancellation.Dispose();
}
