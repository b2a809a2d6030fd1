namespace WhisperMesh.Transcription.Tests.Models;

internal static class Bounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<T> Bounded<T>(this Task<T> task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task Bounded(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Waits until something that happens on other threads is so.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        // Most of it is done within microseconds.
        for (var i = 0; i < 200 && !condition(); i++)
        {
            await Task.Yield();
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Patience);
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited in vain: {what}.");
            }
        }
    }
}
