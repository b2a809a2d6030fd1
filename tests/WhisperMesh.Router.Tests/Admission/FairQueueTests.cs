using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Admission;

public sealed class FairQueueTests
{
    private static readonly TimeSpan Aging = TimeSpan.FromSeconds(20);
    private static readonly RequestClass[] Classes = [RequestClass.Live, RequestClass.Interactive, RequestClass.Bulk];

    private readonly FakeTimeProvider _time = new();
    private readonly Lane _lane;

    public FairQueueTests() => _lane = new Lane(_time);

    [Fact]
    public void Take_TenantsAlwaysHaveWork_EachGetsItsShareButForOneRequest()
    {
        var tenants = (from weight in Gen.Elements(1d, 2d, 3d, 5d)
                       from costs in Gen.Choose(1, 60).ArrayOf(40)
                       select (weight, costs)).ArrayOf(3);

        Prop.ForAll(tenants.ToArbitrary(), KeepsShares).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Take_AnyOrderOfArrivalsAndTurns_LosesNothingRepeatsNothingAndTakesTheUrgentFirst()
    {
        var steps = (from take in Gen.Choose(0, 2)
                     from tenant in Gen.Choose(0, 3)
                     from requestClass in Gen.Choose(0, 2)
                     from cost in Gen.Choose(1, 50)
                     select (take == 0, tenant, requestClass, cost)).ArrayOf();

        Prop.ForAll(steps.ToArbitrary(), KeepsAll).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Take_TenantComesBack_HasSavedNothingUp()
    {
        var queue = Queue();
        var late = Waiter("late");
        for (var i = 0; i < 10; i++)
        {
            queue.Add(Waiter("busy"));
            queue.Take(Any);
        }

        List<Waiter> busy = [Waiter("busy"), Waiter("busy")];
        busy.ForEach(queue.Add);
        queue.Add(late);
        List<Waiter> lates = [Waiter("late"), Waiter("late"), Waiter("late")];
        lates.ForEach(queue.Add);

        var order = Enumerable.Range(0, 4).Select(_ => queue.Take(Any)!.Request.TenantId).ToList();

        order.Count(tenant => tenant == "busy").ShouldBe(2);
    }

    [Fact]
    public void Take_BulkWaitedForTwoPeriods_GoesBeforeLiveOnce()
    {
        var queue = Queue();
        queue.Add(Waiter("a", RequestClass.Bulk));
        queue.Add(Waiter("a", RequestClass.Bulk));
        _time.Advance(Aging * 2);
        queue.Add(Waiter("a", RequestClass.Live));

        queue.Take(Any)!.Request.Plan.Class.ShouldBe(RequestClass.Bulk);
        queue.Take(Any)!.Request.Plan.Class.ShouldBe(RequestClass.Live);
    }

    [Fact]
    public void Take_FirstHasNoPlace_OthersGoOn()
    {
        var queue = Queue();
        queue.Add(Waiter("a", RequestClass.Live));
        var other = new Waiter(Waiter("a", RequestClass.Bulk).Request, new Lane(_time), 1, 0);
        queue.Add(other);

        queue.Take(waiter => waiter.Lane != _lane).ShouldBe(other);
        queue.Take(waiter => waiter.Lane != _lane).ShouldBeNull();
        queue.Count.ShouldBe(1);
    }

    [Fact]
    public void Correct_RequestCostMore_TenantWaitsForIt()
    {
        var queue = Queue();
        var first = Waiter("a");
        queue.Charge(first.Request, 1);
        queue.Correct(first.Request, 9);
        queue.Add(Waiter("a"));
        for (var i = 0; i < 12; i++)
        {
            queue.Add(Waiter("b"));
        }

        var order = Enumerable.Range(0, 11).Select(_ => queue.Take(Any)!.Request.TenantId).ToList();

        order.IndexOf("a").ShouldBe(10);
    }

    private static bool Any(Waiter waiter) => true;

    private FairQueue Queue() => new(Aging, _time);

    private void KeepsShares((double Weight, int[] Costs)[] tenants)
    {
        var queue = Queue();
        for (var tenant = 0; tenant < tenants.Length; tenant++)
        {
            foreach (var cost in tenants[tenant].Costs)
            {
                queue.Add(Waiter($"{tenant}", weight: tenants[tenant].Weight, cost: cost));
            }
        }

        var had = new double[tenants.Length];
        var left = tenants.Select(tenant => tenant.Costs.Length).ToArray();
        while (left.All(count => count > 0))
        {
            var next = queue.Take(Any)!;
            var taken = int.Parse(next.Request.TenantId, System.Globalization.CultureInfo.InvariantCulture);
            left[taken]--;
            had[taken] += next.Cost / next.Request.Weight;
            for (var i = 0; i < tenants.Length; i++)
            {
                var ahead = had.Max() - had[i];
                var most = tenants.Max(tenant => tenant.Costs.Max() / tenant.Weight);
                ahead.ShouldBeLessThanOrEqualTo(most + (tenants[i].Costs.Max() / tenants[i].Weight) + 1e-9);
            }
        }
    }

    private void KeepsAll((bool Take, int Tenant, int Class, int Cost)[] steps)
    {
        var queue = Queue();
        var waiting = new HashSet<Waiter>();
        foreach (var (take, tenant, requestClass, cost) in steps)
        {
            if (take)
            {
                var next = queue.Take(Any);
                (next is null).ShouldBe(waiting.Count == 0);
                if (next is not null)
                {
                    waiting.Remove(next).ShouldBeTrue();
                    waiting.ShouldAllBe(other => other.Class >= next.Class);
                }
            }
            else
            {
                var waiter = Waiter($"{tenant}", Classes[requestClass], 1 + tenant, cost);
                queue.Add(waiter);
                waiting.Add(waiter);
            }

            queue.Count.ShouldBe(waiting.Count);
            queue.Cost.ShouldBe(waiting.Sum(waiter => waiter.Cost), 1e-6);
        }
    }

    private Waiter Waiter(string tenant, RequestClass requestClass = RequestClass.Interactive, double weight = 1, double cost = 1)
    {
        var plan = RoutePlan.Default with { Class = requestClass, Work = new PredictedWork(cost) };
        var needs = new WorkerRequirements { Kind = ModelKind.Transcription };
        return new Waiter(new AdmissionRequest(tenant, weight, needs, plan, new HashSet<string>(), null), _lane, cost, _time.GetTimestamp());
    }
}
