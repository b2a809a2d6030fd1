using Microsoft.Extensions.Options;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Workers;

/// <summary>
/// A connection that closes waits for a call that is just being cancelled there, whose end is reported to the pool. Neither may wait
/// for the other.
/// </summary>
public sealed class WorkerPoolClosingTests : IWorkerConnectionFactory
{
    private static readonly WorkerRequirements Any = new() { Kind = ModelKind.Transcription };
    private static readonly HashSet<string> None = [];

    private readonly FakeDirectory _directory = new(Leases.Transcription("a"));
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkerPool _pool;
    private WorkerHold _hold = null!;

    public WorkerPoolClosingTests()
    {
        var options = Options.Create(new RouterOptions());
        var declared = new DeclaredWorkers(_directory, new NoMeshConfiguration());
        var known = new KnownModels(_directory, options, TimeProvider.System);
        _pool = new WorkerPool(declared, new PoolMatcher(declared, known), [this], [new LeastLoadPolicy()], options, TimeProvider.System);
    }

    bool IWorkerConnectionFactory.Serves(WorkerLease lease) => true;

    IWorkerConnection IWorkerConnectionFactory.Open(WorkerLease lease) => new CancellingConnection(this);

    [Fact]
    public async Task Dispose_CallJustBeingCancelled_Ends()
    {
        _hold = _pool.Pick(Any, RoutePlan.Default, None)!;

        await Task.Run(_pool.Dispose, TestContext.Current.CancellationToken).Bounded();

        await _closed.Task.Bounded();
    }

    [Fact]
    public async Task Pick_LeaseGone_ClosesTheConnectionWithoutTheLock()
    {
        _hold = _pool.Pick(Any, RoutePlan.Default, None)!;
        _hold.Dispose();
        _directory.Workers = [Leases.Transcription("b")];

        (await Task.Run(() => _pool.Pick(Any, RoutePlan.Default, None), TestContext.Current.CancellationToken).Bounded())!.WorkerId.ShouldBe("b");

        await _closed.Task.Bounded();
    }

    [Fact]
    public async Task Release_LastRequestOfOneThatIsGone_ClosesTheConnectionWithoutTheLock()
    {
        _hold = _pool.Pick(Any, RoutePlan.Default, None)!;
        _directory.Workers = [Leases.Transcription("b")];
        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("b");

        await Task.Run(_hold.Dispose, TestContext.Current.CancellationToken).Bounded();

        await _closed.Task.Bounded();
    }

    /// <summary>Closes once another thread has reported to the pool.</summary>
    private sealed class CancellingConnection(WorkerPoolClosingTests test) : IWorkerConnection
    {
        public Task TranscribeAsync(
            TranscriptionConfig config,
            SpoolFile audio,
            DateTime? deadline,
            IRelaySink<StreamTranscribeResponse> sink,
            CancellationToken cancellationToken) => Task.CompletedTask;

        public Task SynthesizeAsync(
            SynthesizeRequest request, DateTime? deadline, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            using var reported = new ManualResetEventSlim();
            var cancelling = new Thread(() =>
            {
                test._hold.Report(new WorkerOutcome(WorkerOutcomeKind.Cancelled));
                reported.Set();
            })
            { IsBackground = true };
            cancelling.Start();
            reported.Wait(TestContext.Current.CancellationToken);
            test._closed.TrySetResult();
        }
    }
}
