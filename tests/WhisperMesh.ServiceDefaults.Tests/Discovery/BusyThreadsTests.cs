using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.ServiceDefaults.Tests.Discovery;

/// <summary>Takes all threads of the process, so nothing else runs beside it.</summary>
[CollectionDefinition(nameof(BusyThreadsTests), DisableParallelization = true)]
[Collection(nameof(BusyThreadsTests))]
public sealed class BusyThreadsTests
{
    private static readonly TimeSpan BusyTime = TimeSpan.FromSeconds(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_SharedThreadsAllTaken_IsRenewed()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var worker = await TestWorker.StartAsync(redis.ConnectionString, Token);
        await worker.WaitForAsync(workers => workers.Count == 1, Token);
        var id = worker.App.Services.GetRequiredService<WorkerIdentity>().Id;
        using var end = new ManualResetEvent(false);
        for (var i = 0; i < 500; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static end => end.WaitOne(), end, preferLocal: false);
        }

        // On this thread and without waiting for another one.
        var shortest = ReadShortest(redis.Port, id, end);
        end.Set();

        // Renewed every 3 s for 15 s; without a thread of its own no more than 7 s would be left.
        shortest.ShouldBeGreaterThan(9000);
    }

    /// <summary>The least life that the lease had over the time, in milliseconds.</summary>
    private static long ReadShortest(int port, string id, ManualResetEvent end)
    {
        using var client = new TcpClient("127.0.0.1", port);
        using var stream = client.GetStream();
        var answer = new byte[64];
        var shortest = long.MaxValue;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < BusyTime; end.WaitOne(TimeSpan.FromMilliseconds(100)))
        {
            stream.Write(Encoding.ASCII.GetBytes($"PTTL whispermesh:worker:{id}\r\n"));
            var text = Encoding.ASCII.GetString(answer, 0, stream.Read(answer));
            shortest = Math.Min(shortest, long.Parse(text.Trim().TrimStart(':')));
        }

        return shortest;
    }
}
