namespace WhisperMesh.Router.Live;

/// <summary>Runs the two directions of a stream side by side.</summary>
internal static class BothWays
{
    /// <summary>
    /// Ends when <paramref name="receive"/> does, or as soon as either fails; the other is then stopped and waited for, so that nothing
    /// outlives the call.
    /// </summary>
    public static async Task RunAsync(
        Func<CancellationToken, Task> send, Func<CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = send(end.Token);
        var receiving = receive(end.Token);
        try
        {
            if (await Task.WhenAny(receiving, sending) == sending)
            {
                await sending;
            }

            await receiving;
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(sending, receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
