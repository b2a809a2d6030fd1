using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Workers;

public sealed class WorkerGateClassTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leave_SeveralClassesWait_GivesThePlaceToTheMostUrgent()
    {
        var gate = Gate(queue: 8);
        var running = await StartAsync(gate);
        var (bulk, bulkStarted) = Wait(gate, RequestClass.Bulk);
        var (interactive, interactiveStarted) = Wait(gate, RequestClass.Unspecified);
        var (live, liveStarted) = Wait(gate, RequestClass.Live);

        running.Dispose();
        await liveStarted.WaitAsync(Patience, Token);
        interactiveStarted.IsCompleted.ShouldBeFalse();
        live.Dispose();
        await interactiveStarted.WaitAsync(Patience, Token);
        bulkStarted.IsCompleted.ShouldBeFalse();
        interactive.Dispose();
        await bulkStarted.WaitAsync(Patience, Token);
        bulk.Dispose();

        gate.Load.ActiveRequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task Leave_BulkHasWaitedLong_GoesBeforeFreshLive()
    {
        var gate = Gate(queue: 8);
        var running = await StartAsync(gate);
        var (_, bulkStarted) = Wait(gate, RequestClass.Bulk);
        _time.Advance(TimeSpan.FromMinutes(1));
        var (_, liveStarted) = Wait(gate, RequestClass.Live);

        running.Dispose();

        await bulkStarted.WaitAsync(Patience, Token);
        liveStarted.IsCompleted.ShouldBeFalse();
    }

    /// <summary>F21 at the worker: work whose deadline has passed is never started.</summary>
    [Fact]
    public async Task Leave_ThousandDeadlinesPassedInTheQueue_StartsNone()
    {
        var gate = Gate(queue: 1000);
        var running = await StartAsync(gate);
        var late = Enumerable.Range(0, 1000).Select(_ => Wait(gate, RequestClass.Live, TimeSpan.FromMilliseconds(1))).ToList();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        running.Dispose();

        foreach (var (ticket, started) in late)
        {
            (await Should.ThrowAsync<MeshException>(started.WaitAsync(Patience, Token))).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
            ticket.Dispose();
        }

        (gate.Load.ActiveRequestCount, gate.Load.QueuedRequestCount).ShouldBe((0, 0));
        (await StartAsync(gate)).Dispose();
    }

    [Fact]
    public async Task WaitAsync_DeadlinePassed_StartsNothingThoughThereIsAPlace()
    {
        var gate = Gate(queue: 1);
        using var ticket = gate.Admit(new WorkerCall(Deadline: Now + TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromSeconds(2));

        (await Should.ThrowAsync<MeshException>(ticket.WaitAsync(Token))).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        gate.Load.ActiveRequestCount.ShouldBe(0);
        Should.Throw<MeshException>(() => gate.Admit(new WorkerCall(Deadline: Now))).Reason.ShouldBe(ErrorReasons.DeadlineExceeded);
    }

    [Fact]
    public async Task Load_RequestsSharedTheBusyTime_ReportsTheirAudioOverIt()
    {
        var gate = Gate(places: 2);
        var one = await StartAsync(gate);
        var two = await StartAsync(gate);
        _time.Advance(TimeSpan.FromSeconds(1));
        one.OnWorked(TimeSpan.FromSeconds(8));
        two.OnWorked(TimeSpan.FromSeconds(12));
        one.Dispose();
        two.Dispose();
        _time.Advance(TimeSpan.FromHours(1));

        gate.Load.Models.ShouldHaveSingleItem().AudioSecondsPerSecond.ShouldBe(20, 0.3);
    }

    [Fact]
    public async Task Load_NothingWorkedYet_SaysNothingOfModels()
    {
        var gate = Gate(places: 2);
        using var one = await StartAsync(gate);

        gate.Load.Models.ShouldBeEmpty();
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    private WorkerGate Gate(int places = 1, int queue = 0)
    {
        var capabilities = new WorkerCapabilities
        {
            ConcurrentRequestLimit = places,
            QueueLimit = queue,
            Models = { new WorkerModel { Model = new Model { Id = "whisper-base" } } },
        };
        var drain = new DrainState(new NeverStopping());
        return new WorkerGate(capabilities, drain, _time, new LiveGate(capabilities, drain));
    }

    private static async Task<WorkerTicket> StartAsync(WorkerGate gate)
    {
        var ticket = gate.Admit();
        await ticket.WaitAsync(Token);
        return ticket;
    }

    private (WorkerTicket Ticket, Task Started) Wait(WorkerGate gate, RequestClass requestClass, TimeSpan? patience = null)
    {
        var ticket = gate.Admit(new WorkerCall(Class: requestClass, Deadline: Now + patience));
        return (ticket, ticket.WaitAsync(Token));
    }

    private sealed class NeverStopping : Microsoft.Extensions.Hosting.IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
