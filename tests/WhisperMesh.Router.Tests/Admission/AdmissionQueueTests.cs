using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Admission;

public sealed class AdmissionQueueTests
{
    private static readonly RequestClass[] Classes = [RequestClass.Live, RequestClass.Interactive, RequestClass.Bulk];

    [Fact]
    public void EnterAsync_PlaceFree_GoesThroughAtOnce()
    {
        using var mesh = Mesh();

        mesh.Arrive();
        mesh.Arrive();

        (mesh.Queue.Waiting, mesh.Workers["a"].Count).ShouldBe((0, 2));
    }

    [Fact]
    public void EnterAsync_BulkFillsTheWorker_LiveStillFindsAPlace()
    {
        using var mesh = Mesh(limit: 4);
        for (var i = 0; i < 6; i++)
        {
            mesh.Arrive(requestClass: RequestClass.Bulk);
        }

        mesh.Queue.Waiting.ShouldBe(2);
        mesh.Arrive(requestClass: RequestClass.Live);

        (mesh.Queue.Waiting, mesh.Workers["a"].Count).ShouldBe((2, 5));
    }

    [Fact]
    public void EnterAsync_OtherRoutersFillTheWorker_Waits()
    {
        var lease = Leases.Transcription("a", limit: 4);
        using var mesh = new SimulatedMesh(new AdmissionOptions(), lease);
        mesh.Arrive();
        var busy = lease.Clone();
        busy.Load.ActiveRequestCount = 4;
        mesh.Directory.Workers = [busy];

        mesh.Arrive();
        mesh.Queue.Waiting.ShouldBe(1);
        mesh.Directory.Workers = [lease.Clone()];
        mesh.Advance(TimeSpan.FromMilliseconds(300));

        mesh.Queue.Waiting.ShouldBe(0);
    }

    /// <summary>Without Redis no lease changes, and no worker may look busy for ever.</summary>
    [Fact]
    public void EnterAsync_ReportedLoadIsOld_IsForgotten()
    {
        var lease = Leases.Transcription("a", limit: 4);
        lease.Load.ActiveRequestCount = 4;
        using var mesh = new SimulatedMesh(new AdmissionOptions(), lease);
        mesh.Arrive();
        mesh.Queue.Waiting.ShouldBe(1);

        mesh.Advance(TimeSpan.FromSeconds(31));

        mesh.Queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task EnterAsync_CallerGoesAway_LeavesAtOnce()
    {
        using var mesh = Mesh(limit: 1);
        using var gone = new CancellationTokenSource();
        mesh.Arrive();
        var waiting = mesh.ArriveUntil(gone.Token);

        await gone.CancelAsync();
        await waiting.Run.Bounded();

        waiting.Cancelled.ShouldBeTrue();
        mesh.Queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public void EnterAsync_DeadlinePassesInTheQueue_IsNeverStarted()
    {
        using var mesh = Mesh(limit: 1);
        mesh.Arrive(audioSeconds: 100);
        var late = Enumerable.Range(0, 1000).Select(_ => mesh.Arrive(audioSeconds: 0.1, patience: TimeSpan.FromMilliseconds(1))).ToList();

        mesh.Advance(TimeSpan.FromSeconds(12));

        late.Sum(request => request.Starts).ShouldBe(0);
        late.Count(request => request.Error!.StatusCode == StatusCode.DeadlineExceeded).ShouldBe(1000);
        mesh.Queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public void EnterAsync_DeadlineHasPassed_IsRefusedThoughThereIsAPlace()
    {
        using var mesh = Mesh();

        mesh.Arrive(patience: TimeSpan.Zero).Error!.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public void EnterAsync_DeadlineCannotBeMet_IsRefusedAtOnceWithAnHonestRetryAfter()
    {
        using var mesh = Mesh(limit: 1);
        Warm(mesh);
        for (var i = 0; i < 10; i++)
        {
            mesh.Arrive();
        }

        var error = mesh.Arrive(patience: TimeSpan.FromSeconds(3)).Error!;
        mesh.Advance(TimeSpan.FromSeconds(error.RetryAfter!.Value.TotalSeconds));
        var again = mesh.Arrive(patience: TimeSpan.FromSeconds(3));
        mesh.Advance(TimeSpan.FromSeconds(3));

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.Overloaded));
        // Nine that wait, a second each.
        error.RetryAfter!.Value.TotalSeconds.ShouldBeInRange(8, 11);
        again.InTime.ShouldBeTrue();
    }

    [Fact]
    public void EnterAsync_OwnRequestsFillTheQueue_IsTooManyRequests()
    {
        using var mesh = Mesh(limit: 1, new AdmissionOptions { QueueLimit = 2 });
        for (var i = 0; i < 3; i++)
        {
            mesh.Arrive("greedy").Error.ShouldBeNull();
        }

        var error = mesh.Arrive("greedy").Error!;

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.ResourceExhausted, ErrorReasons.QueueFull));
        error.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public void EnterAsync_OtherTenantFillsTheQueue_MakesRoomForTheOneWithLess()
    {
        using var mesh = Mesh(limit: 1, new AdmissionOptions { QueueLimit = 2 });
        var greedy = Enumerable.Range(0, 3).Select(_ => mesh.Arrive("greedy")).ToList();

        mesh.Arrive("modest").Error.ShouldBeNull();
        mesh.Advance(TimeSpan.FromMilliseconds(10));

        greedy[^1].Error!.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        mesh.Queue.Waiting.ShouldBe(2);
    }

    [Fact]
    public void EnterAsync_MoreUrgentRequestsFillTheQueue_IsUnavailable()
    {
        using var mesh = Mesh(limit: 1, new AdmissionOptions { QueueLimit = 2 });
        for (var i = 0; i < 4; i++)
        {
            mesh.Arrive("a", RequestClass.Live, audioSeconds: 50);
        }

        var error = mesh.Arrive("b", RequestClass.Bulk, audioSeconds: 1).Error!;

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.Overloaded));
    }

    [Fact]
    public void EnterAsync_WorkLimitReached_OneLongRequestMayWaitAllTheSame()
    {
        using var mesh = Mesh(limit: 1, new AdmissionOptions { QueuedWorkLimit = TimeSpan.FromSeconds(60) });
        mesh.Arrive();

        mesh.Arrive(audioSeconds: 7200).Error.ShouldBeNull();
        mesh.Arrive(audioSeconds: 7200).Error.ShouldNotBeNull();
        mesh.Queue.Waiting.ShouldBe(1);
    }

    [Fact]
    public void EnterAsync_AnyLoad_KeepsItsBoundsLosesNothingAndStartsNothingTwice()
    {
        var arrivals = (from tenant in Gen.Choose(0, 3)
                        from requestClass in Gen.Choose(0, 2)
                        from audio in Gen.Choose(1, 20)
                        from patience in Gen.Choose(0, 4)
                        from pause in Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Choose(1, 60)))
                        select (tenant, requestClass, audio, patience, pause)).NonEmptyListOf();

        Prop.ForAll(arrivals.ToArbitrary(), KeepsPromises).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120));
    }

    private static void KeepsPromises(IList<(int Tenant, int Class, int Audio, int Patience, int Pause)> arrivals)
    {
        using var mesh = Mesh(limit: 2, new AdmissionOptions { QueueLimit = 10 });
        foreach (var (tenant, requestClass, audio, patience, pause) in arrivals)
        {
            mesh.Arrive(
                $"{tenant}", Classes[requestClass], audio, patience == 0 ? null : TimeSpan.FromSeconds(patience * 2), 1 + tenant);
            mesh.Queue.Waiting.ShouldBeLessThanOrEqualTo(10);
            mesh.Advance(TimeSpan.FromMilliseconds(10 * pause));
        }

        mesh.Advance(TimeSpan.FromSeconds(30));

        mesh.Queue.Waiting.ShouldBe(0);
        mesh.Requests.Count(request => request.Starts != (request.Error is null ? 1 : 0)).ShouldBe(0);
        mesh.Requests.Count(request => request.Error is null && request.Ended is null).ShouldBe(0);
    }

    private static SimulatedMesh Mesh(int limit = 2, AdmissionOptions? options = null) =>
        new(options ?? new AdmissionOptions(), Leases.Transcription("a", limit: limit));

    // Lets the router learn how fast the worker is.
    private static void Warm(SimulatedMesh mesh)
    {
        for (var i = 0; i < 5; i++)
        {
            mesh.Arrive();
            mesh.Advance(TimeSpan.FromSeconds(1.5));
        }
    }
}
