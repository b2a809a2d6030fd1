using System.Diagnostics;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Waits for what another process will do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when <paramref name="condition"/> holds; fails with <paramref name="describe"/> when the bound is over.</summary>
    internal static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan bound, Func<string> describe)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (clock.Elapsed > bound)
            {
                throw new TimeoutException($"Not within {bound}: {describe()}");
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    internal static Task HoldsAsync(Func<bool> condition, TimeSpan bound, Func<string> describe) =>
        HoldsAsync(() => Task.FromResult(condition()), bound, describe);
}
