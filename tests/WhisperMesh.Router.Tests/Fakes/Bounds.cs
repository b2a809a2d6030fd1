namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Bounds for what a test waits for.</summary>
internal static class Bounds
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task<T> Bounded<T>(this Task<T> task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task Bounded(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Waits until something that has no event of its own is so.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>The same where asking takes a call.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Patience);
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(end.Token);
        }
    }

    /// <summary>Asks until the answer is as expected.</summary>
    public static async Task UntilAsync<T>(Func<Task<T>> ask, T expected)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Patience);
        while (!Equals(await ask(), expected))
        {
            end.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits until a number has stood still for a while, and returns it.</summary>
    public static async Task<int> UntilStillAsync(Func<int> number)
    {
        const int StillTicks = 100;

        var (last, still) = (-1, 0);
        await UntilAsync(() =>
        {
            var current = number();
            still = current == last ? still + 1 : 0;
            last = current;
            return still >= StillTicks;
        });
        return last;
    }
}
