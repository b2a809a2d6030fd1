using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Transcription.Live;

/// <summary>Tells a stream's events as they happen, and in between that it is still there.</summary>
/// <param name="writer">Where to.</param>
/// <param name="timeProvider">Time.</param>
/// <param name="draining">Once it is cancelled, the stream is given up between two utterances.</param>
internal sealed class LiveTeller(LiveResponseWriter writer, TimeProvider timeProvider, CancellationToken draining)
{
    // Within the 5 s that the contract promises, on a busy machine too.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(4);

    /// <summary>Tells all until the last event.</summary>
    /// <returns>False when the stream was given up.</returns>
    public async Task<bool> RunAsync(ILiveTranscription live, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, draining);
        var events = live.ReadAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            var beat = NextBeat(wake, stop);
            while (!IsGivenUp)
            {
                if (await Task.WhenAny(next, beat) == beat)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (beat.IsCompletedSuccessfully)
                    {
                        await writer.StatusAsync(stop.Token);
                    }

                    beat = NextBeat(wake, stop);
                    continue;
                }

                if (!await next)
                {
                    throw new InvalidOperationException("The engine ended the stream without its last event.");
                }

                await writer.WriteAsync(events.Current, stop.Token);
                if (writer.Completed is not null)
                {
                    return true;
                }

                next = events.MoveNextAsync().AsTask();
            }

            return false;
        }
        finally
        {
            // An enumerator must not be disposed while it is asked.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync();
        }
    }

    private bool IsGivenUp => draining.IsCancellationRequested && writer.CanMove;

    // Draining ends the wait early, once.
    private Task NextBeat(CancellationTokenSource wake, CancellationTokenSource stop) =>
        Task.Delay(Beat, timeProvider, draining.IsCancellationRequested ? stop.Token : wake.Token);
}
