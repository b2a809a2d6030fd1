using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Routing;

public sealed class RoutePlannerTests
{
    private static readonly WorkerRequirements Plain = new() { Kind = ModelKind.Transcription, Features = ["transcribe"] };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Plan_NoConfiguration_IsTheDefault()
    {
        var plan = Plan(MeshConfiguration.Empty, Plain);

        (plan.Name, plan.Policy, plan.Class, plan.Deadline).ShouldBe(("default", "least-load", RequestClass.Interactive, null));
        plan.Pools.ShouldBe([RoutePool.Any]);
    }

    [Theory]
    [InlineData("es", "es", true)]
    [InlineData("es", "es-MX", true)]
    [InlineData("es", "ES", true)]
    [InlineData("es-MX", "es", false)]
    [InlineData("e", "es", false)]
    [InlineData("auto", "", true)]
    [InlineData("auto", "es", false)]
    [InlineData("es", "", false)]
    public void Match_Language_CoversItsRegions(string wanted, string asked, bool expected) =>
        IsMatched(new() { Languages = ["xx", wanted] }, Plain with { Language = asked }).ShouldBe(expected);

    [Fact]
    public void Match_AllowedLanguages_OneIsNamedAndSeveralAreDetected()
    {
        IsMatched(new() { Languages = ["es"] }, Plain with { AllowedLanguages = ["es"] }).ShouldBeTrue();
        IsMatched(new() { Languages = ["es"] }, Plain with { AllowedLanguages = ["es", "ca"] }).ShouldBeFalse();
        IsMatched(new() { Languages = ["auto"] }, Plain with { AllowedLanguages = ["es", "ca"] }).ShouldBeTrue();
    }

    [Theory]
    [InlineData("transcribe", ModelKind.Transcription, "transcribe", true)]
    [InlineData("transcribe", ModelKind.Transcription, "translate", false)]
    [InlineData("translate", ModelKind.Transcription, "translate", true)]
    [InlineData("synthesize", ModelKind.Synthesis, "synthesize", true)]
    [InlineData("transcribe", ModelKind.Synthesis, "synthesize", false)]
    [InlineData("synthesize", ModelKind.Transcription, "transcribe", false)]
    public void Match_Task_IsTheRequests(string wanted, ModelKind kind, string feature, bool expected) =>
        IsMatched(new() { Tasks = [wanted] }, new() { Kind = kind, Features = [feature] }).ShouldBe(expected);

    [Theory]
    [InlineData("whisper-large", true)]
    [InlineData("accurate", true)]
    [InlineData("whisper-base", false)]
    [InlineData("", false)]
    public void Match_Model_KnowsAliases(string asked, bool expected)
    {
        var configuration = new MeshConfiguration
        {
            Models = new Dictionary<string, ModelSettings> { ["whisper-large"] = new() { Aliases = ["accurate", "best"] } },
            Routes = [new() { Name = "large", Match = new() { Models = ["best"] } }],
        };

        (Plan(configuration, Plain with { Model = asked }).Name == "large").ShouldBe(expected);
    }

    [Fact]
    public async Task Match_Model_KnowsAliasesOfWorkers()
    {
        var configuration = new MeshConfiguration { Routes = [new() { Name = "base", Match = new() { Models = ["whisper-base"] } }] };
        var known = new KnownModels(new FakeDirectory(Leases.Transcription("a")), Options.Create(new RouterOptions()), _time);
        await known.StartAsync(TestContext.Current.CancellationToken);

        Plan(configuration, Plain with { Model = "whisper-1" }, known: known).Name.ShouldBe("base");
        Plan(configuration, Plain with { Model = "whisper-2" }, known: known).Name.ShouldBe("default");
    }

    [Theory]
    [InlineData("team=a, kind=call", true)]
    [InlineData("kind=call,x=", true)]
    [InlineData("kind=Call", false)]
    [InlineData("team=a", false)]
    [InlineData(null, false)]
    public void Match_Labels_AllMustBeThere(string? header, bool expected) =>
        IsMatched(new() { Labels = new Dictionary<string, string> { ["kind"] = "call" } }, Plain, Origin(("x-whispermesh-labels", header)))
            .ShouldBe(expected);

    [Theory]
    [InlineData("team")]
    [InlineData("=a")]
    [InlineData("a=1,")]
    [InlineData("a=1,a=2")]
    public void Labels_Malformed_AreRefusedByName(string header) =>
        Should.Throw<MeshException>(() => Plan(MeshConfiguration.Empty, Plain, Origin(("x-whispermesh-labels", header))))
            .Field.ShouldBe("x-whispermesh-labels");

    [Theory]
    [InlineData("phone", "Phone", true)]
    [InlineData("phone", "radio", false)]
    [InlineData("phone", null, false)]
    public void Match_Source_IsTheHeader(string wanted, string? header, bool expected) =>
        IsMatched(new() { Sources = [wanted] }, Plain, Origin(("x-whispermesh-source", header))).ShouldBe(expected);

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*", null, false)]
    [InlineData("a", "A", true)]
    [InlineData("a", "b", false)]
    public void Match_Header_IsTheValueOrAny(string wanted, string? header, bool expected) =>
        IsMatched(new() { Headers = new Dictionary<string, string> { ["x-team"] = wanted } }, Plain, Origin(("x-team", header))).ShouldBe(expected);

    [Fact]
    public void Match_Tenant_IsTheCallers() =>
        IsMatched(new() { Tenants = ["a", "local"] }, Plain).ShouldBeTrue();

    [Fact]
    public void Pools_RouteThenItsFallbacksThenTheModels_NoneTwice()
    {
        var labels = new Dictionary<string, string> { ["zone"] = "x" };
        var configuration = new MeshConfiguration
        {
            Models = new Dictionary<string, ModelSettings>
            {
                ["large"] = new() { Fallbacks = ["base", "small"] },
                ["base"] = new() { Fallbacks = ["tiny"], Aliases = ["fast"] },
                ["small"] = new() { Fallbacks = ["tiny"] },
                ["tiny"] = new(),
            },
            Routes = [new() { Name = "a", Pool = new() { Model = "large", Labels = labels }, Fallbacks = [new() { Model = "fast" }, new() { Upstream = "u" }] }],
        };

        Plan(configuration, Plain with { Model = "whatever" }).Pools.ShouldBe(
        [
            new("large", labels), new("base"), new(Upstream: "u"), new("base", labels), new("tiny", labels), new("small", labels),
        ]);
    }

    [Theory]
    [InlineData(RequestClass.Unspecified, null, "live", RequestClass.Interactive)]
    [InlineData(RequestClass.Unspecified, "live", "live", RequestClass.Live)]
    [InlineData(RequestClass.Unspecified, "live", "interactive", RequestClass.Interactive)]
    [InlineData(RequestClass.Live, null, "live", RequestClass.Live)]
    [InlineData(RequestClass.Live, "bulk", "live", RequestClass.Bulk)]
    [InlineData(RequestClass.Live, null, "bulk", RequestClass.Bulk)]
    [InlineData(RequestClass.Bulk, "live", "live", RequestClass.Bulk)]
    public void Class_Asked_IsCappedByRouteAndTenant(RequestClass asked, string? route, string tenant, RequestClass expected) =>
        RequestClasses.Of(asked, route, tenant).ShouldBe(expected);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(10, null, 10)]
    [InlineData(null, 20, 20)]
    [InlineData(10, 20, 10)]
    [InlineData(30, 20, 20)]
    public void Deadline_OfCallerAndRoute_IsTheSooner(int? caller, int? route, int? expected)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var origin = Origin() with { Deadline = caller is { } seconds ? now.AddSeconds(seconds) : null };
        var configuration = new MeshConfiguration
        {
            Routes = [new() { Name = "a", Deadline = route is { } longest ? TimeSpan.FromSeconds(longest) : null }],
        };

        Plan(configuration, Plain, origin).Deadline.ShouldBe(expected is { } sooner ? now.AddSeconds(sooner) : null);
    }

    [Fact]
    public void Tenant_Listed_SaysUpstreamsAndStorage()
    {
        var configuration = new MeshConfiguration
        {
            Tenants = new Dictionary<string, TenantSettings>
            {
                ["*"] = new() { Upstreams = ["u"] },
                ["local"] = new() { Upstreams = ["v"], NoStore = true },
            },
        };

        var (own, others) = (Plan(configuration, Plain), Plan(configuration, Plain, Origin() with { Caller = new() { TenantId = "other" } }));

        (own.AllowsUpstream("u"), own.AllowsUpstream("v"), own.Retention.Cache).ShouldBe((false, true, false));
        (others.AllowsUpstream("u"), others.AllowsUpstream("v"), others.Retention.Cache).ShouldBe((true, false, true));
        Plan(MeshConfiguration.Empty, Plain).AllowsUpstream("u").ShouldBeFalse();
    }

    [Fact]
    public void Session_Header_IsTheRoutes()
    {
        var configuration = new MeshConfiguration { Routes = [new() { Name = "a", Policy = "affinity", AffinityHeader = "x-call", LatencyBuffer = 0.2 }] };

        var plan = Plan(configuration, Plain, Origin(("x-call", "17")));

        (plan.Policy, plan.Session, plan.LatencyBuffer).ShouldBe(("affinity", "17", 0.2));
    }

    internal static RequestOrigin Origin(params (string Name, string? Value)[] headers) => new()
    {
        RequestId = "r",
        Header = name => headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
    };

    private bool IsMatched(RouteMatchSettings match, WorkerRequirements requirements, RequestOrigin? origin = null) =>
        Plan(new() { Routes = [new() { Name = "a", Match = match }] }, requirements, origin).Name == "a";

    private RoutePlan Plan(
        MeshConfiguration configuration, WorkerRequirements requirements, RequestOrigin? origin = null, KnownModels? known = null) =>
        new RoutePlanner(
            new FixedConfiguration(configuration),
            known ?? new KnownModels(new FakeDirectory(), Options.Create(new RouterOptions()), _time),
            _time).Plan(origin ?? Origin(), requirements, RequestClass.Unspecified);
}
