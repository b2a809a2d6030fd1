using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Workers;

public sealed class WorkerPoolTests : IDisposable
{
    private static readonly WorkerRequirements Any = new() { Kind = ModelKind.Transcription };
    private static readonly HashSet<string> None = [];

    private readonly FakeTimeProvider _time = new();
    private readonly FakeDirectory _directory = new(Leases.Transcription("a"), Leases.Transcription("b"));
    private readonly KnownModels _known;
    private readonly WorkerPool _pool;

    public WorkerPoolTests()
    {
        var options = Options.Create(new RouterOptions());
        _known = new KnownModels(_directory, options, _time);
        var declared = new DeclaredWorkers(_directory, new NoMeshConfiguration());
        _pool = new WorkerPool(
            declared,
            new PoolMatcher(declared, _known),
            [new GrpcWorkerConnections(options, NullLoggerFactory.Instance)],
            [new LeastLoadPolicy()],
            options,
            _time);
    }

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Pick_EqualWorkers_TakesTurns()
    {
        var picked = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var hold = _pool.Pick(Any, RoutePlan.Default, None);
            picked.Add(hold!.WorkerId);
        }

        picked.ShouldBe(["a", "b", "a", "b"]);
    }

    [Fact]
    public void Pick_LoadReported_TakesTheOneWithMoreRoom()
    {
        _directory.Workers = [Busy(Leases.Transcription("a", limit: 8), 4), Busy(Leases.Transcription("b", limit: 2), 2)];

        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("a");
    }

    [Fact]
    public void Pick_OwnRequestsReportedBack_AreNotCountedTwice()
    {
        _directory.Workers = [Leases.Transcription("a", limit: 4)];
        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("a");
        _directory.Workers = [Busy(Leases.Transcription("a", limit: 4), 1), Busy(Leases.Transcription("b", limit: 8), 3)];

        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("a");
    }

    [Fact]
    public void Pick_PausedWorker_IsLeftOutForAWhile()
    {
        using (var hold = _pool.Pick(Any, RoutePlan.Default, None))
        {
            hold!.Report(new WorkerOutcome(WorkerOutcomeKind.Died));
        }

        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("b");
        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("b");
        _time.Advance(TimeSpan.FromSeconds(6));
        _pool.Pick(Any, RoutePlan.Default, None)!.WorkerId.ShouldBe("a");
    }

    [Fact]
    public void Pick_OnlyPausedWorkers_TriesThemAgain()
    {
        _directory.Workers = [Leases.Transcription("a")];
        _pool.Pick(Any, RoutePlan.Default, None)!.Report(new WorkerOutcome(WorkerOutcomeKind.Died));

        _pool.Pick(Any, RoutePlan.Default, None)!.Reason.ShouldBe("paused-but-no-other");
    }

    [Fact]
    public void Pick_BothFail_EjectsNoMoreThanHalf()
    {
        for (var i = 0; i < 30; i++)
        {
            using var hold = _pool.Pick(Any, RoutePlan.Default, None);
            hold!.Report(new WorkerOutcome(WorkerOutcomeKind.Died));
        }

        _time.Advance(TimeSpan.FromSeconds(6));
        using var one = _pool.Pick(Any, RoutePlan.Default, None);
        one!.LooksIll.ShouldBeFalse();
        using var other = _pool.Pick(Any, RoutePlan.Default, new HashSet<string> { one.WorkerId });
        other!.LooksIll.ShouldBeTrue();
    }

    [Fact]
    public void Pick_SlowerWorker_GetsASmallerShare()
    {
        var counts = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0 };
        for (var i = 0; i < 100; i++)
        {
            using var hold = _pool.Pick(Any, RoutePlan.Default, None);
            counts[hold!.WorkerId]++;
            var seconds = hold.WorkerId == "a" ? 4 : 1;
            hold.Report(new WorkerOutcome(WorkerOutcomeKind.Served, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(10)));
        }

        counts["a"].ShouldBeInRange(15, 30);
    }

    [Fact]
    public void Pick_WorkerThatComesLater_StartsSlowly()
    {
        using (_pool.Pick(Any, RoutePlan.Default, None))
        {
        }

        _directory.Workers = [.. _directory.Workers, Leases.Transcription("c")];
        var counts = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
        for (var i = 0; i < 60; i++)
        {
            using var hold = _pool.Pick(Any, RoutePlan.Default, None);
            counts[hold!.WorkerId]++;
        }

        counts["c"].ShouldBeInRange(1, 6);
    }

    [Fact]
    public void Pick_AllTried_IsNull() => _pool.Pick(Any, RoutePlan.Default, new HashSet<string> { "a", "b" }).ShouldBeNull();

    [Fact]
    public void Pick_OnlyDrainingWorkers_IsUnavailableNotUnknownModel()
    {
        var draining = Leases.Transcription("a");
        draining.Load.Draining = true;
        _directory.Workers = [draining, Leases.Transcription("b", model: "other")];

        var error = Should.Throw<MeshException>(() => _pool.Pick(Any with { Model = "whisper-base" }, RoutePlan.Default, None));

        error.Reason.ShouldBe(ErrorReasons.NoWorker);
    }

    [Fact]
    public async Task Pick_LastWorkerOfTheModelGone_IsUnavailableForAWhileThenUnknown()
    {
        var whisper = Any with { Model = "whisper-base" };
        await _known.StartAsync(TestContext.Current.CancellationToken);
        _directory.Workers = [Leases.Transcription("c", model: "other")];

        var error = Should.Throw<MeshException>(() => _pool.Pick(whisper, RoutePlan.Default, None));
        _time.Advance(TimeSpan.FromMinutes(5));
        var later = Should.Throw<MeshException>(() => _pool.Pick(whisper, RoutePlan.Default, None));

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.NoWorker));
        error.RetryAfter.ShouldNotBeNull();
        later.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [InlineData("zz", "", ErrorReasons.ModelNotFound)]
    [InlineData("", "fr", ErrorReasons.LanguageNotSupported)]
    public void Pick_NothingFits_SaysWhy(string model, string language, string reason) =>
        Should.Throw<MeshException>(() => _pool.Pick(Any with { Model = model, Language = language }, RoutePlan.Default, None)).Reason.ShouldBe(reason);

    [Fact]
    public void Pick_LanguageWithRegion_MatchesThePrimarySubtag() =>
        _pool.Pick(Any with { Language = "EN-gb", Model = "whisper-1" }, RoutePlan.Default, None)!.Model.ShouldBe("whisper-base");

    [Fact]
    public void Pick_CompressedAudio_NeedsFfmpeg()
    {
        _directory.Workers = [Leases.Transcription("a", ffmpeg: false), Leases.Transcription("b")];

        _pool.Pick(Any with { CompressedAudio = CompressedAudio.Required }, RoutePlan.Default, None)!.WorkerId.ShouldBe("b");
        _pool.Pick(Any with { CompressedAudio = CompressedAudio.Required }, RoutePlan.Default, None)!.WorkerId.ShouldBe("b");
        _directory.Workers = [Leases.Transcription("a", ffmpeg: false)];
        Should.Throw<MeshException>(() => _pool.Pick(Any with { CompressedAudio = CompressedAudio.Required }, RoutePlan.Default, None))
            .Reason.ShouldBe(ErrorReasons.FfmpegMissing);
        _pool.Pick(Any with { CompressedAudio = CompressedAudio.Preferred }, RoutePlan.Default, None)!.WorkerId.ShouldBe("a");
    }

    private static WorkerLease Busy(WorkerLease lease, int active)
    {
        lease.Load = new WorkerLoad { ActiveRequestCount = active };
        return lease;
    }
}
