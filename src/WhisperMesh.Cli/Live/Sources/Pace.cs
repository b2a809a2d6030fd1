namespace WhisperMesh.Cli.Live.Sources;

/// <summary>Lets audio through as if it were being spoken, at a speed; 0 lets it through as it comes.</summary>
internal sealed class Pace(double speed, TimeProvider time)
{
    private long? _start;

    /// <summary>Waits until the audio up to <paramref name="end"/> would have been spoken. False: cancelled before that.</summary>
    internal async Task<bool> WaitAsync(TimeSpan end, CancellationToken cancellationToken)
    {
        _start ??= time.GetTimestamp();
        if (speed > 0 && (end / speed) - time.GetElapsedTime(_start.Value) is { Ticks: > 0 } wait)
        {
            // By the start and not from piece to piece, so that delays do not add up.
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return !cancellationToken.IsCancellationRequested;
        }

        return true;
    }
}
