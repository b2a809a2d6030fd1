using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Tests.Scheduling;

namespace WhisperMesh.Whisper.Tests.Telemetry;

public sealed class StageTimeTests
{
    [Fact]
    public async Task RunAsync_OneRow_CountsTheStepsOfEachStage()
    {
        using var network = new FakeNetwork();
        using var scheduler = new BatchScheduler(network, new SchedulerOptions(), TimeProvider.System);
        var clock = new RequestClock();
        using var job = new WindowJob(RequestClass.Interactive, new CountingProgram([1, 2, 3], steps: 5), 10)
        {
            Mel = new float[] { 7 },
            Frames = 1000,
            Clock = clock,
        };

        await scheduler.RunAsync(job, TestContext.Current.CancellationToken);

        job.Audio!.Dispose();
        clock.Add(job);
        (job.Of(Stage.Encoder).Steps, job.Of(Stage.Prefill).Steps, job.Of(Stage.Decoder).Steps, job.Of(Stage.Alignment).Steps)
            .ShouldBe((1, 1, 4, 0));
        job.Tokens.ShouldBe(4);
        job.Of(Stage.Decoder).Begin.ShouldBeGreaterThanOrEqualTo(job.Of(Stage.Prefill).End);
        clock.Work().ShouldBe(new RecognitionWork(Windows: 0, Steps: 5, Rows: 5, Tokens: 4, Fallbacks: 0));
    }

    [Fact]
    public async Task RunAsync_TwoWindowsOfARequest_CountsAStepOnce()
    {
        using var network = new FakeNetwork();
        using var scheduler = new BatchScheduler(network, new SchedulerOptions(), TimeProvider.System);
        var clock = new RequestClock();
        var (reached, gate) = network.HoldAt(FakeJobs.IsStep);
        using var first = Job(1, clock);
        using var second = Job(2, clock);

        var one = scheduler.RunAsync(first, TestContext.Current.CancellationToken);
        await reached;
        var two = scheduler.RunAsync(second, TestContext.Current.CancellationToken);
        gate.SetResult();
        await Task.WhenAll(one, two).WaitAsync(FakeJobs.Bound, TestContext.Current.CancellationToken);

        first.Audio!.Dispose();
        second.Audio!.Dispose();
        var steps = network.Runs.Where(FakeJobs.IsStep).ToList();
        clock.Work().Steps.ShouldBe(steps.Count);
        clock.Work().Rows.ShouldBe(steps.Sum(step => FakeJobs.Windows(step).Length));
        steps.ShouldContain(step => FakeJobs.Windows(step).Length == 2);
    }

    private static WindowJob Job(int window, RequestClock clock) => new(RequestClass.Interactive, new CountingProgram([1], steps: 6), 10)
    {
        Mel = new float[] { window },
        Frames = 1000,
        Clock = clock,
    };
}
