using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Router.Tests.Routing.Policies;

namespace WhisperMesh.Router.Tests.Routing.Configuration;

public sealed class ChecksTests
{
    [Fact]
    public void Models_NameThatMeansTwo_IsRefused() =>
        Check(new()
        {
            Models = Models(
                ("a", new() { Aliases = ["fast", "b"] }),
                ("b", new() { Aliases = ["fast"] })),
        }).ShouldBe(
        [
            "models.a.aliases[1]: 'b' is a model of its own.",
            "models.b.aliases[0]: 'fast' leads to the model 'a' already.",
        ]);

    [Fact]
    public void Models_FallbacksInACircle_AreToldOnce() =>
        Check(new()
        {
            Models = Models(
                ("a", new() { Fallbacks = ["c"], Aliases = ["first"] }),
                ("b", new() { Fallbacks = ["first"] }),
                ("c", new() { Fallbacks = ["b"] })),
        }).ShouldHaveSingleItem().ShouldBe("models.a.fallbacks: they lead in a circle: a → c → b → a.");

    [Fact]
    public void Models_FallbackToItself_IsACircle() =>
        Check(new() { Models = Models(("a", new() { Fallbacks = ["a"] })) }).ShouldHaveSingleItem().ShouldContain("a → a");

    [Fact]
    public void Models_FallbackThatIsNotListed_IsRefused() =>
        Check(new() { Models = Models(("a", new() { Fallbacks = ["z"] })) }).ShouldHaveSingleItem()
            .ShouldStartWith("models.a.fallbacks[0]: 'z' is not among the models");

    [Fact]
    public void Models_FallbackThatAnUpstreamHas_IsKnown() =>
        Check(new()
        {
            Models = Models(("a", new() { Fallbacks = ["large"] })),
            Upstreams = [new() { Name = "u", Address = "http://u", Models = [new() { Id = "whisper-1", As = "large" }] }],
        }).ShouldBeEmpty();

    [Fact]
    public void Routes_ModelWhereNoneAreListed_MayBeAWorkersOwn() =>
        Check(new() { Routes = [new() { Name = "a", Pool = new() { Model = "whisper-base" } }] }).ShouldBeEmpty();

    [Fact]
    public void Workers_ImpossibleValues_AreAllTold() =>
        Check(new()
        {
            Workers =
            [
                new()
                {
                    Match = new() { Id = "*-a", Address = "nowhere" },
                    Languages = ["e"],
                    Tasks = ["sing"],
                    Capacity = 0,
                    Weight = 0,
                    Tier = -1,
                },
                new(),
            ],
        }).Select(error => error.Split(':')[0]).ShouldBe(
        [
            "workers[0].match.id", "workers[0].match.address", "workers[0].languages[0]", "workers[0].tasks[0]", "workers[0].capacity",
            "workers[0].weight", "workers[0].tier", "workers[1]",
        ]);

    [Fact]
    public void Routes_ImpossibleValues_AreAllTold() =>
        Check(new()
        {
            Routes =
            [
                new()
                {
                    Name = "default",
                    AffinityHeader = "x y",
                    LatencyBuffer = -0.1,
                    Fallbacks = [new()],
                    Deadline = TimeSpan.Zero,
                    Priority = "urgent",
                    Retention = new() { TimeToLive = TimeSpan.FromSeconds(-1) },
                    Hedging = new() { Delay = TimeSpan.Zero, Budget = 2 },
                    Match = new() { Headers = new Dictionary<string, string> { [""] = "x" } },
                },
            ],
        }).Select(error => error.Split(':')[0]).ShouldBe(
        [
            "routes[0].name", "routes[0].affinityHeader", "routes[0].latencyBuffer", "routes[0].deadline", "routes[0].priority",
            "routes[0].retention.timeToLive", "routes[0].hedging.delay", "routes[0].hedging.budget", "routes[0].match.headers",
            "routes[0].fallbacks[0]",
        ]);

    [Fact]
    public void Routes_AutoAndRegions_AreLanguages() =>
        Check(new() { Routes = [new() { Name = "a", Match = new() { Languages = ["auto", "pt-BR"] } }] }).ShouldBeEmpty();

    [Fact]
    public void Tenants_ImpossibleValues_AreAllTold() =>
        Check(new()
        {
            Upstreams = [new() { Name = "u", Address = "http://u" }],
            Tenants = new Dictionary<string, TenantSettings>
            {
                ["good"] = new() { Upstreams = ["u", "*"] },
                ["bad"] = new() { Upstreams = ["u", "v"], Weight = 0, HighestClass = "first" },
            },
        }).Select(error => error.Split(':')[0]).ShouldBe(["tenants.bad.upstreams[1]", "tenants.bad.weight", "tenants.bad.highestClass"]);

    private static List<string> Check(MeshConfiguration configuration) =>
        [.. new IMeshConfigurationCheck[] { new ModelsCheck(), new WorkersCheck(), new RoutesCheck(Candidates.AllPolicies), new TenantsCheck() }
            .SelectMany(check => check.Check(configuration))];

    private static Dictionary<string, ModelSettings> Models(params (string Id, ModelSettings Settings)[] models) =>
        models.ToDictionary(model => model.Id, model => model.Settings);
}
