using System.Collections.Concurrent;
using System.Diagnostics;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>Requests at a constant rate, whatever becomes of those before: what waits is seen as waiting, not as silence.</summary>
internal static class OpenLoop
{
    /// <summary>Starts requests at their time and waits for all.</summary>
    /// <returns>Latency of each, in seconds, from the time at which it was due.</returns>
    public static async Task<IReadOnlyList<double>> RunAsync(
        double requestsPerSecond, TimeSpan length, Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        var latencies = new ConcurrentBag<double>();
        var pending = new List<Task>();
        var interval = Stopwatch.Frequency / requestsPerSecond;
        var begin = Stopwatch.GetTimestamp();
        var count = (int)(length.TotalSeconds * requestsPerSecond);
        for (var i = 0; i < count; i++)
        {
            var due = begin + (long)(i * interval);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            pending.Add(TimeAsync(due));
        }

        await Task.WhenAll(pending);
        return [.. latencies];

        async Task TimeAsync(long due)
        {
            await Task.Yield();
            await request(cancellationToken);
            latencies.Add(Stopwatch.GetElapsedTime(due).TotalSeconds);
        }
    }

    /// <summary>Requests a second that so many callers get through, each sending its next as soon as its last is answered.</summary>
    public static async Task<double> MaximumAsync(
        int callers, TimeSpan length, Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));
        return counts.Sum() / Stopwatch.GetElapsedTime(begin).TotalSeconds;

        async Task<int> CallAsync()
        {
            await Task.Yield();
            var count = 0;
            while (Stopwatch.GetElapsedTime(begin) < length)
            {
                await request(cancellationToken);
                count++;
            }

            return count;
        }
    }
}
