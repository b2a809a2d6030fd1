using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Routing.Policies;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Workers;

/// <summary>Which worker of which pool gets a request.</summary>
public sealed class WorkerRoutesTests : IDisposable
{
    private static readonly WorkerRequirements Any = new() { Kind = ModelKind.Transcription };
    private static readonly WorkerRequirements German = Any with { Language = "de" };
    private static readonly HashSet<string> None = [];

    private readonly FakeDirectory _directory = new();
    private readonly FixedConfiguration _configuration = new(MeshConfiguration.Empty);
    private readonly WorkerPool _pool;

    public WorkerRoutesTests()
    {
        var options = Options.Create(new RouterOptions());
        var time = new FakeTimeProvider();
        var declared = new DeclaredWorkers(_directory, _configuration);
        _pool = new WorkerPool(
            declared,
            new PoolMatcher(declared, new KnownModels(_directory, options, time)),
            [new GrpcWorkerConnections(options, NullLoggerFactory.Instance), new UpstreamConnections()],
            Candidates.AllPolicies,
            options,
            time);
    }

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Dedicated_Language_WinsAndServesNoOther()
    {
        _directory.Workers = [Dedicated("german", "de"), Leases.Transcription("general")];

        for (var i = 0; i < 3; i++)
        {
            Pick(German).ShouldBe(("german", "dedicated to de"));
        }

        Pick(German with { Language = "de-AT" }).ShouldBe(("german", "dedicated to de-AT"));
        Pick(Any with { Language = "ja" }).ShouldBe(("general", "only"));
        Pick(Any).ShouldBe(("general", "only"));
        Pick(Any with { AllowedLanguages = ["de", "en"] }).ShouldBe(("general", "only"));
        Pick(Any with { AllowedLanguages = ["de"] }).ShouldBe(("german", "dedicated to de"));
    }

    [Fact]
    public void Dedicated_WorkerFailed_TheGeneralOneServes()
    {
        _directory.Workers = [Dedicated("german", "de"), Leases.Transcription("general")];

        Pick(German, tried: "german").ShouldBe(("general", "only"));
        Fail(German);
        Pick(German).ShouldBe(("general", "only"));
    }

    [Fact]
    public void Dedicated_OnlyOthers_IsRefusedWithTheReason()
    {
        _directory.Workers = [Dedicated("german", "de")];

        Should.Throw<MeshException>(() => Pick(Any with { Language = "ja" })).Reason.ShouldBe(ErrorReasons.LanguageNotSupported);
        Should.Throw<MeshException>(() => Pick(Any)).Message.ShouldContain("name one of de");
        Pick(Any with { IsLanguageOpen = true }).Worker.ShouldBe("german");
    }

    [Fact]
    public void Ready_Model_GoesBeforeOneThatMustBeLoaded()
    {
        _directory.Workers =
        [
            With("cold", lease => lease.Load = State(ModelLoadState.Cold)),
            With("failed", lease => lease.Load = State(ModelLoadState.Failed)),
            With("loading", lease => lease.Load = State(ModelLoadState.Loading)),
            With("ready", lease => lease.Load = State(ModelLoadState.Ready, active: 1)),
        ];

        Pick(Any).Worker.ShouldBe("ready");
        Pick(Any, tried: "ready").Worker.ShouldBe("loading");
        Pick(Any, tried: ["ready", "loading"]).Worker.ShouldBe("cold");
        Pick(Any, tried: ["ready", "loading", "cold"]).Worker.ShouldBe("failed");
    }

    [Theory]
    [InlineData("least-load")]
    [InlineData("power-of-two")]
    [InlineData("weighted")]
    [InlineData("lowest-latency")]
    [InlineData("tiers")]
    [InlineData("affinity")]
    public void Tiers_UnderAnyPolicy_AreAskedInOrder(string policy)
    {
        _directory.Workers =
        [
            With("second", lease => lease.Capabilities.Tier = 1),
            With("first-a", lease => lease.Load = new WorkerLoad { ActiveRequestCount = 1 }),
            With("first-b", lease => lease.Load = new WorkerLoad { ActiveRequestCount = 1 }),
            With("third", lease => lease.Capabilities.Tier = 2),
        ];
        var plan = RoutePlan.Default with { Policy = policy, Session = "s" };

        for (var i = 0; i < 10; i++)
        {
            var (worker, reason) = Pick(Any, plan);
            worker.ShouldStartWith("first-");
            reason.ShouldBe(policy);
        }

        Pick(Any, plan, "first-a", "first-b").Worker.ShouldBe("second");
        Pick(Any, plan, "first-a", "first-b", "second").Worker.ShouldBe("third");
    }

    [Fact]
    public void Ranks_FullWorker_GivesWayToAFreeOneOfItsTierOnly()
    {
        var spare = With("spare", lease => lease.Capabilities.Tier = 1);
        var german = Dedicated("german", "de");
        german.Load.ActiveRequestCount = 2;

        _directory.Workers = [spare, german, Leases.Transcription("general")];
        Pick(German).Worker.ShouldBe("general");

        _directory.Workers = [spare, german];
        Pick(German).Worker.ShouldBe("german");
    }

    [Fact]
    public void Pools_InOrder_TheNextOnlyWhenNobodyIsLeft()
    {
        _directory.Workers = [Leases.Transcription("base"), Leases.Transcription("tiny", model: "whisper-tiny")];
        var plan = RoutePlan.Default with { Pools = [new("whisper-large"), new("whisper-base"), new("whisper-tiny")] };

        Pick(Any, plan).ShouldBe(("base", "fallback: whisper-base"));
        Pick(Any, plan, "base").ShouldBe(("tiny", "fallback: whisper-tiny"));
        _pool.Pick(Any, plan, new HashSet<string> { "base", "tiny" }).ShouldBeNull();

        Fail(Any, plan);
        Pick(Any, plan).ShouldBe(("tiny", "fallback: whisper-tiny"));
        Fail(Any, plan);
        Pick(Any, plan).ShouldBe(("base", "paused-but-no-other"));
    }

    [Fact]
    public void Pools_NoneCanServe_SaysWhyOfTheFirst()
    {
        _directory.Workers = [Leases.Transcription("base")];
        var plan = RoutePlan.Default with { Pools = [new("whisper-large"), new("whisper-tiny")] };

        Should.Throw<MeshException>(() => Pick(Any, plan)).Message.ShouldContain("whisper-large");
        Should.Throw<MeshException>(() => _pool.Check(Any, plan)).Message.ShouldContain("whisper-large");
    }

    [Fact]
    public void Pools_Labels_AreAskedOfWorkers()
    {
        _directory.Workers =
            [With("x", lease => lease.Capabilities.Labels["zone"] = "x"), With("y", lease => lease.Capabilities.Labels["zone"] = "y")];
        var plan = RoutePlan.Default with { Pools = [Zone("y"), Zone("x")] };

        Pick(Any, plan).ShouldBe(("y", "only"));
        Pick(Any, plan, "y").ShouldBe(("x", "fallback: zone=x"));
    }

    [Fact]
    public void Pools_OtherLanguage_LendsItsWorkersAndKeepsTheRequests()
    {
        _directory.Workers = [Dedicated("german", "de"), Dedicated("english", "en")];
        var plan = RoutePlan.Default with { Pools = [RoutePool.Any, new(Language: "en")] };

        Pick(German, plan).ShouldBe(("german", "dedicated to de"));
        Pick(German, plan, "german").ShouldBe(("english", "fallback: language en"));
        // Its model must know the request's language all the same.
        Should.Throw<MeshException>(() => Pick(Any with { Language = "fr" }, plan)).Reason.ShouldBe(ErrorReasons.LanguageNotSupported);
    }

    [Fact]
    public void Upstream_OnlyWhereThePlanAllowsIt()
    {
        _directory.Workers = [Leases.Transcription("own"), Leases.Transcription("upstream:away", "upstream:away")];
        var allowed = RoutePlan.Default with { AllowedUpstreams = new HashSet<string> { "away" } };
        var first = allowed with { Pools = [new(Upstream: "away"), RoutePool.Any] };

        Pick(Any).ShouldBe(("own", "only"));
        _pool.Pick(Any, RoutePlan.Default, new HashSet<string> { "own" }).ShouldBeNull();
        Pick(Any, allowed, "own").ShouldBe(("upstream:away", "only"));
        Pick(Any, first).ShouldBe(("upstream:away", "only"));
        Pick(Any, first with { AllowedUpstreams = None }).Worker.ShouldBe("own");
        Should.Throw<MeshException>(() => Pick(Any, RoutePlan.Default with { Pools = [new(Upstream: "away")] })).Reason
            .ShouldBe(ErrorReasons.UpstreamNotAllowed);
    }

    [Fact]
    public void Pools_LabelsThatNoWorkerHas_AreNamed()
    {
        _directory.Workers = [Leases.Transcription("a")];

        Should.Throw<MeshException>(() => Pick(Any, RoutePlan.Default with { Name = "calls", Pools = [Zone("x")] })).Message
            .ShouldContain("'calls' leads to (zone=x)");
    }

    [Fact]
    public void Declared_WorkersThatMatch_AreAsDeclared()
    {
        _directory.Workers = [With("a-1", lease => lease.Capabilities.Labels["zone"] = "x"), Leases.Transcription("b-1", model: "whisper-tiny")];
        _configuration.Current = new()
        {
            Workers =
            [
                new() { Match = new() { Id = "a-*" }, Languages = ["de"], Capacity = 7, Weight = 3, Labels = new Dictionary<string, string> { ["gpu"] = "2" } },
                new() { Match = new() { Labels = new Dictionary<string, string> { ["zone"] = "x" } }, Tier = 4 },
                new() { Match = new() { Model = "whisper-tiny" }, Tasks = ["translate"] },
                new() { Match = new() { Address = "http://elsewhere" }, Tier = 9 },
            ],
        };
        var workers = new DeclaredWorkers(_directory, _configuration).Workers.Select(worker => worker.Capabilities).ToList();

        workers[0].DedicatedLanguageCodes.ShouldBe(["de"]);
        (workers[0].ConcurrentRequestLimit, workers[0].Weight, workers[0].Tier).ShouldBe((7, 3, 4));
        workers[0].Labels.ShouldBe(new Dictionary<string, string> { ["zone"] = "x", ["gpu"] = "2" }, ignoreOrder: true);
        workers[1].Models[0].Features.ShouldNotContain("transcribe");
        workers[1].Models[0].Features.ShouldContain("translate");
        workers[1].Tier.ShouldBe(0);
        _directory.Workers[0].Capabilities.Tier.ShouldBe(0);
    }

    [Fact]
    public void Declared_TasksThatItCannotDo_LeaveNoModel()
    {
        _directory.Workers = [Leases.Transcription("a")];
        _configuration.Current = new() { Workers = [new() { Tasks = ["synthesize"] }] };

        Should.Throw<MeshException>(() => Pick(Any)).Reason.ShouldBe(ErrorReasons.NoWorker);
    }

    [Fact]
    public void Configured_ModelWithoutWorkers_IsUnavailableRatherThanUnknown()
    {
        _directory.Workers = [Leases.Transcription("a")];
        _configuration.Current = new() { Models = new Dictionary<string, ModelSettings> { ["whisper-large"] = new() } };

        Should.Throw<MeshException>(() => Pick(Any with { Model = "whisper-large" })).Reason.ShouldBe(ErrorReasons.NoWorker);
        Should.Throw<MeshException>(() => Pick(Any with { Model = "whisper-huge" })).Reason.ShouldBe(ErrorReasons.ModelNotFound);
    }

    private static WorkerLease Dedicated(string id, string language) => With(id, lease => lease.Capabilities.DedicatedLanguageCodes.Add(language));

    private static WorkerLease With(string id, Action<WorkerLease> change)
    {
        var lease = Leases.Transcription(id);
        change(lease);
        return lease;
    }

    private static WorkerLoad State(ModelLoadState state, int active = 0) =>
        new() { ActiveRequestCount = active, Models = { new ModelState { ModelId = "whisper-base", State = state } } };

    private static RoutePool Zone(string zone) => new(Labels: new Dictionary<string, string> { ["zone"] = zone });

    private (string Worker, string Reason) Pick(WorkerRequirements requirements, params string[] tried) =>
        Pick(requirements, RoutePlan.Default, tried);

    private (string Worker, string Reason) Pick(WorkerRequirements requirements, RoutePlan plan, params string[] tried)
    {
        using var hold = _pool.Pick(requirements, plan, tried.ToHashSet());
        return (hold!.WorkerId, hold.Reason);
    }

    private void Fail(WorkerRequirements requirements, RoutePlan? plan = null)
    {
        using var hold = _pool.Pick(requirements, plan ?? RoutePlan.Default, None);
        hold!.Report(new WorkerOutcome(WorkerOutcomeKind.Died));
    }

    private sealed class UpstreamConnections : IWorkerConnectionFactory
    {
        private readonly GrpcWorkerConnections _any = new(Options.Create(new RouterOptions()), NullLoggerFactory.Instance);

        public bool Serves(WorkerLease lease) => lease.Address.StartsWith("upstream:", StringComparison.Ordinal);

        public IWorkerConnection Open(WorkerLease lease) => _any.Open(Leases.Transcription("x"));
    }
}
