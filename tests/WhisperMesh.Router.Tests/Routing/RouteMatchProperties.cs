using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Routing;

/// <summary>Whatever the routes, a request goes by the first that applies, and by the default one where none does.</summary>
public sealed class RouteMatchProperties
{
    private static readonly string[] Languages = ["", "auto", "es", "en"];
    private static readonly string[] Tenants = ["", "a", "b"];
    private static readonly string[] Sources = ["", "phone", "radio"];
    private static readonly string[] Tasks = ["", "transcribe", "translate"];

    private static readonly Gen<Wish> Wishes =
        from language in Gen.Elements(Languages)
        from tenant in Gen.Elements(Tenants)
        from source in Gen.Elements(Sources)
        from task in Gen.Elements(Tasks)
        select new Wish(language, tenant, source, task);

    [Fact]
    public void Plan_AnyRoutes_TakesTheFirstThatApplies() => Prop.ForAll(
        Wishes.ListOf().ToArbitrary(),
        Wishes.ToArbitrary(),
        (routes, request) =>
        {
            var first = routes.Select((route, index) => Applies(route, request) ? $"route-{index}" : null).FirstOrDefault(name => name is not null);

            Plan(routes, request).Name.ShouldBe(first ?? "default");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Plan_RouteThatDoesNotApply_ChangesNothingWhereverItStands() => Prop.ForAll(
        Wishes.ListOf().ToArbitrary(),
        Wishes.ToArbitrary(),
        Gen.Choose(0, 1000).ToArbitrary(),
        (routes, request, place) =>
        {
            var before = Plan(routes, request);
            var stranger = new Wish("", "nobody", "", "");
            var at = place % (routes.Count + 1);

            var after = Plan([.. routes.Take(at), stranger, .. routes.Skip(at)], request);

            (after.Name == "default").ShouldBe(before.Name == "default");
        }).QuickCheckThrowOnFailure();

    private static bool Applies(Wish route, Wish request) =>
        (route.Language.Length == 0 || route.Language == (request.Language.Length == 0 ? "auto" : request.Language))
        && (route.Tenant.Length == 0 || route.Tenant == request.Tenant)
        && (route.Source.Length == 0 || route.Source == request.Source)
        && (route.Task.Length == 0 || route.Task == (request.Task.Length == 0 ? "transcribe" : request.Task));

    private static RoutePlan Plan(IReadOnlyList<Wish> routes, Wish request)
    {
        var configuration = new MeshConfiguration { Routes = [.. routes.Select((route, index) => Route(route, $"route-{index}"))] };
        var origin = RoutePlannerTests.Origin(("x-whispermesh-source", request.Source)) with { Caller = new Caller { TenantId = request.Tenant } };
        var requirements = new WorkerRequirements
        {
            Kind = ModelKind.Transcription,
            // A request that says "auto" says nothing.
            Language = request.Language == "auto" ? "" : request.Language,
            Features = [request.Task.Length == 0 ? "transcribe" : request.Task],
        };
        var known = new KnownModels(new FakeDirectory(), Options.Create(new RouterOptions()), TimeProvider.System);
        return new RoutePlanner(new FixedConfiguration(configuration), known, new FakeTimeProvider())
            .Plan(origin, requirements, RequestClass.Unspecified);
    }

    private static RouteSettings Route(Wish wish, string name) => new()
    {
        Name = name,
        Match = new()
        {
            Languages = Set(wish.Language),
            Tenants = Set(wish.Tenant),
            Sources = Set(wish.Source),
            Tasks = Set(wish.Task),
        },
    };

    private static string[] Set(string value) => value.Length == 0 ? [] : [value];

    private sealed record Wish(string Language, string Tenant, string Source, string Task);
}
