using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

public sealed class BatchSchedulerTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly FakeNetwork _network = new();
    private readonly BatchScheduler _scheduler;

    public BatchSchedulerTests() => _scheduler = new BatchScheduler(_network, new SchedulerOptions(), TimeProvider.System);

    private sealed record Work(int Class, int Prompt, int Steps, int Rows, bool Cancel);

    [Fact]
    public void RunAsync_AnyInterleavingOfWorkAndCancellation_GivesEachItsOwnResult()
    {
        var work =
            from requestClass in Gen.Choose(0, 2)
            from prompt in Gen.Choose(1, 40)
            from steps in Gen.Choose(1, 70)
            from rows in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 5)))
            from cancel in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Work(requestClass, prompt, steps, rows, cancel);

        Prop.ForAll(work.NonEmptyListOf().ToArbitrary(), all => RunAllAsync([.. all]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));
    }

    [Fact]
    public async Task RunAsync_LiveWorkAmongBulk_WaitsForOneRunOfBulkAtMost()
    {
        var atLive = -1;
        var gate = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        _network.BeforeRun = run =>
        {
            if (run == "encode 5")
            {
                reached.TrySetResult();
                gate.Task.Wait(Bound, TestContext.Current.CancellationToken);
            }
        };
        var bulk = Enumerable.Range(1, 30).Select(window => SubmitAsync(window, RequestClass.Bulk, new CountingProgram([window], 40))).ToList();
        await reached.Task.WaitAsync(Bound, TestContext.Current.CancellationToken);
        var live = SubmitAsync(99, RequestClass.Live, new CountingProgram([1, 2, 3], 20));
        atLive = _network.Runs.Count;
        gate.SetResult();
        await live.WaitAsync(Bound, TestContext.Current.CancellationToken);
        await Task.WhenAll(bulk).WaitAsync(Bound, TestContext.Current.CancellationToken);

        var after = _network.Runs.Skip(atLive).ToList();
        after[0].ShouldBe("encode 5");
        after[1].ShouldBe("encode 99");
        after.Skip(2).Take(20).ShouldAllBe(run => run.StartsWith("step", StringComparison.Ordinal) && run.Contains("99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_RowsOfSeveralJobs_ShareSteps()
    {
        using var gate = new ManualResetEventSlim();
        _network.BeforeRun = _ => gate.Wait(Bound, TestContext.Current.CancellationToken);
        var all = Enumerable.Range(1, 8).Select(window => SubmitAsync(window, RequestClass.Interactive, new CountingProgram([window], 10))).ToList();
        gate.Set();
        await Task.WhenAll(all).WaitAsync(Bound, TestContext.Current.CancellationToken);

        _network.Runs.Count(run => run.StartsWith("step", StringComparison.Ordinal)).ShouldBeLessThan(20);
        _network.Runs.ShouldContain(run => run.Split(',').Length == 8);
    }

    [Fact]
    public async Task RunAsync_MoreThanMemoryHolds_WaitsInsteadOfTakingMore()
    {
        using var network = new FakeNetwork();
        var window = CrossMemory.ByteCount(network.Pool.Dimensions, 500);
        using var scheduler = new BatchScheduler(network, new SchedulerOptions { MaxBytes = 3 * window }, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(1, 12).Select(i =>
            RunAsync(scheduler, i, RequestClass.Interactive, new CountingProgram([i], 5), default)))
            .WaitAsync(Bound, TestContext.Current.CancellationToken);

        network.Pool.PeakBytes.ShouldBeLessThanOrEqualTo(3 * window + 3 * SelfMemory.ByteCount(network.Pool.Dimensions));
    }

    [Fact]
    public async Task RunAsync_ProgramFails_FailsAloneAndLeavesNothing()
    {
        var sound = SubmitAsync(1, RequestClass.Interactive, new CountingProgram([1], 30));
        var broken = RunAsync(_scheduler, 2, RequestClass.Interactive, new BrokenProgram(), TestContext.Current.CancellationToken);

        await Should.ThrowAsync<FormatException>(broken.WaitAsync(Bound, TestContext.Current.CancellationToken));
        (await sound.WaitAsync(Bound, TestContext.Current.CancellationToken)).ShouldBe(CountingProgram.Expected(1, [1], 30));
        _network.Pool.BytesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Dispose_WorkLeft_FailsIt()
    {
        using var network = new FakeNetwork();
        var scheduler = new BatchScheduler(network, new SchedulerOptions(), TimeProvider.System);
        using var gate = new ManualResetEventSlim();
        network.BeforeRun = _ => gate.Wait(Bound, TestContext.Current.CancellationToken);
        var work = Enumerable.Range(1, 20).Select(i =>
            RunAsync(scheduler, i, RequestClass.Bulk, new CountingProgram([1], 400), default)).ToList();
        var disposing = Task.Run(scheduler.Dispose, TestContext.Current.CancellationToken);
        gate.Set();

        await disposing.WaitAsync(Bound, TestContext.Current.CancellationToken);
        foreach (var job in work)
        {
            await Should.ThrowAsync<ObjectDisposedException>(job.WaitAsync(Bound, TestContext.Current.CancellationToken));
        }
        network.Pool.BytesInUse.ShouldBe(0);
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _network.Dispose();
    }

    private async Task<bool> RunAllAsync(Work[] all)
    {
        var running = all.Select(async (work, i) =>
        {
            using var cancel = new CancellationTokenSource();
            int[] prompt = [.. Enumerable.Range(i % 7, work.Prompt)];
            var program = new CountingProgram(prompt, work.Steps, work.Rows);
            var run = RunAsync(_scheduler, i, (RequestClass)work.Class, program, cancel.Token);
            if (work.Cancel)
            {
                await Task.Yield();
                await cancel.CancelAsync();
                await run.ContinueWith(static _ => { }, TaskScheduler.Default);
                return run.IsCanceled || run.IsCompletedSuccessfully;
            }
            return (await run).SequenceEqual(CountingProgram.Expected(i, prompt, work.Steps));
        }).ToList();
        var right = await Task.WhenAll(running).WaitAsync(Bound);
        return right.All(one => one) && _network.Pool.BytesInUse == 0 && _scheduler.ActiveRows == 0 && _scheduler.QueuedAudio == TimeSpan.Zero;
    }

    private Task<IReadOnlyList<int>> SubmitAsync(int window, RequestClass requestClass, CountingProgram program) =>
        RunAsync(_scheduler, window, requestClass, program, default);

    private static async Task<IReadOnlyList<int>> RunAsync(
        BatchScheduler scheduler, int window, RequestClass requestClass, RowProgram program, CancellationToken cancellationToken)
    {
        using var job = new WindowJob(requestClass, program, 10) { Mel = new float[] { window }, Frames = 1000 };
        try
        {
            await scheduler.RunAsync(job, cancellationToken);
            return (program as CountingProgram)?.Tokens ?? [];
        }
        finally
        {
            job.Audio?.Dispose();
        }
    }

    private sealed class BrokenProgram : RowProgram
    {
        public override Reading Begin(CrossMemory audio) => new([1], [0]);

        public override Reading? Advance(LogitRows logits, List<RowStep> next) => throw new FormatException("It can't count.");
    }
}
