using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

public sealed class ClassOrderTests : IDisposable
{
    private readonly FakeNetwork _network = new();
    private readonly BatchScheduler _scheduler;

    // Nothing ages while a test runs, however slow the machine.
    private readonly SchedulerOptions _options = new() { Aging = TimeSpan.FromHours(1) };

    public ClassOrderTests() => _scheduler = new BatchScheduler(_network, _options, TimeProvider.System);

    [Fact]
    public async Task RunAsync_InteractiveAfterBulk_GoesFirst()
    {
        var (reached, gate) = _network.HoldAt(run => run == "encode 1");
        var all = Submit(RequestClass.Bulk, 1, 3);
        await reached;
        all.AddRange(Submit(RequestClass.Interactive, 50, 2));
        gate.SetResult();
        await EndAsync(all);

        _network.Runs.Where(run => !FakeJobs.IsStep(run)).ShouldBe(["encode 1", "encode 50", "encode 51", "encode 2", "encode 3"]);
    }

    [Fact]
    public async Task RunAsync_BulkBesideInteractive_RidesAlongAsGuests()
    {
        var (reached, gate) = _network.HoldAt(FakeJobs.IsStep);
        var all = Submit(RequestClass.Bulk, 1, 6, steps: 60);
        await reached;
        all.AddRange(Submit(RequestClass.Interactive, 50, 1));
        gate.SetResult();
        await EndAsync(all);

        var shared = _network.Runs.Where(run => FakeJobs.IsStep(run) && FakeJobs.Windows(run).Contains("50")).ToList();
        shared.Count.ShouldBe(20);
        shared.ShouldAllBe(run => FakeJobs.Windows(run).Length == 1 + _options.GuestRows);
    }

    [Fact]
    public async Task RunAsync_MuchBulk_LeavesRowsToThoseWhoWait()
    {
        var (reached, gate) = _network.HoldAt(run => FakeJobs.IsStep(run) && FakeJobs.Windows(run).Length > 1);
        var all = Submit(RequestClass.Bulk, 1, 30);
        await reached;
        var before = _network.Runs.Count;
        all.AddRange(Submit(RequestClass.Interactive, 50, _options.ReservedRows));
        gate.SetResult();
        await EndAsync(all);

        var steps = _network.Runs.Where(FakeJobs.IsStep).Select(run => FakeJobs.Windows(run).Length).ToList();
        steps.Max().ShouldBe(_options.MaxRows - _options.ReservedRows);
        _network.Runs.Skip(before + 1).Take(_options.ReservedRows).ShouldBe(["encode 50", "encode 51", "encode 52", "encode 53"]);
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _network.Dispose();
    }

    private List<Task> Submit(RequestClass requestClass, int first, int count, int steps = 20) =>
        [.. Enumerable.Range(first, count).Select(window => _scheduler.RunAsync(window, requestClass, new CountingProgram([window], steps)))];

    private static Task EndAsync(List<Task> all) => Task.WhenAll(all).WaitAsync(FakeJobs.Bound, TestContext.Current.CancellationToken);
}
