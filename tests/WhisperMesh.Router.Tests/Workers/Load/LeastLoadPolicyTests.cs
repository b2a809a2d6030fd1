using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Workers.Load;

public sealed class LeastLoadPolicyTests
{
    private const string Model = "whisper-base";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Choose_OneHasLessAudio_TakesItThoughItHasMoreRequests()
    {
        var (a, b) = (Worker("a"), Worker("b"));
        a.Enter(Model, new PredictedWork(100));
        b.Enter(Model, new PredictedWork(10));
        b.Enter(Model, new PredictedWork(10));

        Choose(a, b).ShouldBe("b");
    }

    [Fact]
    public void Choose_OneIsFaster_TakesItUntilItsWorkLastsLonger()
    {
        var (slow, fast) = (Worker("a", speed: 10), Worker("b", speed: 30));
        slow.Enter(Model, new PredictedWork(10));
        fast.Enter(Model, new PredictedWork(20));
        slow.Load.ShouldBe(1);
        fast.Load.ShouldBe(20d / 30);
        Choose(slow, fast).ShouldBe("b");

        fast.Enter(Model, new PredictedWork(11));

        Choose(slow, fast).ShouldBe("a");
    }

    [Fact]
    public void Choose_OtherRoutersWorkThere_CountsAsSoMuchAsOneOfOurs()
    {
        var busy = Worker("a", speed: 10, active: 3);
        busy.Load.ShouldBe(3 * PredictedWork.UnknownAudioSeconds / 10);

        Choose(busy, Worker("b", speed: 10)).ShouldBe("b");
    }

    [Fact]
    public void Choose_ModelIsCold_CostsItsLoad()
    {
        var cold = Worker("a", speed: 10, state: ModelLoadState.Cold);
        var ready = Worker("b", speed: 10);
        ready.Enter(Model, new PredictedWork(90));
        Choose(cold, ready).ShouldBe("b");

        ready.Enter(Model, new PredictedWork(20));

        Choose(cold, ready).ShouldBe("a");
    }

    [Fact]
    public void Choose_PartIsWorkedOff_OnlyTheRestCounts()
    {
        var worker = Worker("a", speed: 10);
        var work = new PredictedWork(100);
        worker.Enter(Model, work);
        work.Processed(75);
        worker.Load.ShouldBe(2.5);

        work.AtLeast(200);

        worker.Load.ShouldBe(12.5);
    }

    [Fact]
    public void Choose_OneIsFull_TakesTheOtherThoughItHasMoreToDo()
    {
        var (full, free) = (Worker("a"), Worker("b"));
        for (var i = 0; i < 4; i++)
        {
            full.Enter(Model, new PredictedWork(1));
        }

        free.Enter(Model, new PredictedWork(100));

        Choose(full, free).ShouldBe("b");
    }

    [Fact]
    public void Choose_Equals_TakesTurns()
    {
        var (a, b) = (Worker("a"), Worker("b"));
        a.LastPick = 2;
        b.LastPick = 1;

        Choose(a, b).ShouldBe("b");
    }

    [Fact]
    public void SpeedOf_WorkerSaysNothing_IsWhatWeMeasured()
    {
        var worker = Worker("a");
        worker.SpeedOf(Model).ShouldBe(4);
        var running = worker.Enter(Model, new PredictedWork(60));
        _time.Advance(TimeSpan.FromSeconds(3));
        running.Outcome = WorkerOutcomeKind.Served;
        worker.Leave(running);

        worker.SpeedOf(Model).ShouldBe(20, 0.6);
    }

    private static string Choose(params WorkerState[] workers) => new LeastLoadPolicy()
        .Choose([.. workers.Select(Candidate)], new SelectionContext()).State.Lease.WorkerId;

    private static WorkerCandidate Candidate(WorkerState state) =>
        new(state, new WorkerMatch(state.Lease, state.Lease.Capabilities.Models[0]));

    private WorkerState Worker(string id, double speed = 0, int active = 0, ModelLoadState state = ModelLoadState.Ready)
    {
        var lease = Leases.Transcription(id, limit: 4);
        lease.Load.ActiveRequestCount = active;
        lease.Load.Models.Add(new ModelState { ModelId = Model, State = state, AudioSecondsPerSecond = speed });
        return new WorkerState(lease, new WorkerHealth(new RouterOptions(), _time), _time);
    }
}
