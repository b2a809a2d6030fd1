using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

public sealed class SchedulerLeakTests
{
    [Fact]
    public async Task RunAsync_TwoThousandRequests_LeaveNothing()
    {
        using var network = new FakeNetwork();
        using var scheduler = new BatchScheduler(network, new SchedulerOptions(), TimeProvider.System);
        var programs = new List<WeakReference>();
        var peakAtFirst = 0L;
        for (var batch = 0; batch < 40; batch++)
        {
            await RunBatchAsync(scheduler, batch * 50, programs).WaitAsync(FakeJobs.Bound, TestContext.Current.CancellationToken);
            network.Pool.BytesInUse.ShouldBe(0);
            network.Runs.Clear();
            peakAtFirst = batch == 9 ? network.Pool.PeakBytes : peakAtFirst;
        }

        scheduler.ActiveRows.ShouldBe(0);
        scheduler.QueuedAudio.ShouldBe(TimeSpan.Zero);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        programs.Count.ShouldBe(2000);
        // Buffers that are reused may still point at the last few.
        programs.Count(program => program.IsAlive).ShouldBeLessThan(50);
        network.Pool.PeakBytes.ShouldBeLessThan(2 * peakAtFirst);
    }

    private static async Task RunBatchAsync(BatchScheduler scheduler, int first, List<WeakReference> programs)
    {
        var all = new List<Task>();
        for (var i = first; i < first + 50; i++)
        {
            RowProgram program = i % 11 == 0 ? new FailingProgram() : new CountingProgram([i % 7, 3], 1 + i % 20, i % 5 == 0 ? 5 : 1);
            programs.Add(new WeakReference(program));
            all.Add(RunAsync(scheduler, i, program));
        }
        await Task.WhenAll(all);
    }

    private static async Task RunAsync(BatchScheduler scheduler, int window, RowProgram program)
    {
        using var cancel = new CancellationTokenSource();
        var run = scheduler.RunAsync(window, (RequestClass)(window % 3), program, cancel.Token);
        if (window % 4 == 1)
        {
            await Task.Yield();
            await cancel.CancelAsync();
        }
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        (run.IsFaulted && program is CountingProgram).ShouldBeFalse();
        (run.IsCompletedSuccessfully && program is FailingProgram).ShouldBeFalse();
    }

    private sealed class FailingProgram : RowProgram
    {
        public override Reading Begin(CrossMemory audio) => new([1], [0]);

        public override Reading? Advance(LogitRows logits, List<RowStep> next) => throw new FormatException("It can't count.");
    }
}
