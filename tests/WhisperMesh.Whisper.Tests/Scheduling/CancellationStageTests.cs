using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

public sealed class CancellationStageTests
{
    [Theory]
    [InlineData("queue", 1)]
    [InlineData("encoder", 1)]
    [InlineData("prompt", 1)]
    [InlineData("steps", 1)]
    [InlineData("steps", 5)]
    public async Task RunAsync_Cancelled_LeavesBeforeTheNextRunAndHarmsNobody(string stage, int rows)
    {
        using var network = new FakeNetwork();
        using var scheduler = new BatchScheduler(network, new SchedulerOptions(), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var steps = 0;
        var (reached, gate) = network.HoldAt(run => stage switch
        {
            "queue" => run == "encode 1",
            "encoder" => run == "encode 7",
            _ => FakeJobs.IsStep(run) && FakeJobs.Windows(run).Contains("7") && ++steps == (stage == "prompt" ? 1 : 4),
        });
        var other = new CountingProgram([1, 2], 60);
        var others = scheduler.RunAsync(1, RequestClass.Interactive, other, TestContext.Current.CancellationToken);
        var job = scheduler.RunAsync(7, RequestClass.Interactive, new CountingProgram([3, 4, 5], 50, rows), cancel.Token);
        await reached;
        await cancel.CancelAsync();
        var before = network.Runs.Count;
        if (stage == "encoder")
        {
            network.EncodingRun!.Terminate.ShouldBeTrue();
        }
        gate.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(job.WaitAsync(FakeJobs.Bound, TestContext.Current.CancellationToken));
        await others.WaitAsync(FakeJobs.Bound, TestContext.Current.CancellationToken);

        // The run that was held is the last it may take part in.
        network.Runs.Skip(before + 1).ShouldNotContain(run => FakeJobs.Windows(run).Contains("7"));
        other.Tokens.ShouldBe(CountingProgram.Expected(1, [1, 2], 60));
        network.Pool.BytesInUse.ShouldBe(0);
        scheduler.ActiveRows.ShouldBe(0);
        scheduler.QueuedAudio.ShouldBe(TimeSpan.Zero);
    }
}
