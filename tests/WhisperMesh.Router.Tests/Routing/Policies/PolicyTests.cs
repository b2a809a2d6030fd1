using WhisperMesh.Router.Routing.Policies;

namespace WhisperMesh.Router.Tests.Routing.Policies;

public sealed class PolicyTests
{
    [Fact]
    public void Policies_OneCandidate_ChooseIt() =>
        Candidates.AllPolicies.ShouldAllBe(policy => policy.Pick(Candidates.NoContext, Candidates.Of("a", 3, 2, 1, 0.5)) == "a");

    [Fact]
    public void Policies_Names_AreThoseOfTheConfiguration() =>
        Candidates.AllPolicies.Select(policy => policy.Name)
            .ShouldBe(["least-load", "power-of-two", "weighted", "lowest-latency", "tiers", "affinity"]);

    [Fact]
    public void PowerOfTwo_Two_TakesTheLessLoaded() =>
        new PowerOfTwoPolicy(new Random(7)).Draw(200, Candidates.Of("a", 5), Candidates.Of("b", 4)).ShouldBe(new() { ["b"] = 200 });

    [Fact]
    public void PowerOfTwo_Many_NeverTheMostLoadedAndTheOthersByRank()
    {
        var drawn = new PowerOfTwoPolicy(new Random(7)).Draw(
            6000, Candidates.Of("a", 1), Candidates.Of("b", 2), Candidates.Of("c", 3), Candidates.Of("d", 4));

        // Of the six pairs, a wins three, b two and c one.
        drawn.Keys.ShouldBe(["a", "b", "c"], ignoreOrder: true);
        drawn["a"].ShouldBeInRange(2850, 3150);
        drawn["b"].ShouldBeInRange(1850, 2150);
        drawn["c"].ShouldBeInRange(850, 1150);
    }

    [Fact]
    public void PowerOfTwo_Equals_AllGetAShare()
    {
        var drawn = new PowerOfTwoPolicy(new Random(7)).Draw(3000, Candidates.Of("a"), Candidates.Of("b"), Candidates.Of("c"));

        drawn.Values.ShouldAllBe(count => count > 900 && count < 1100);
    }

    [Fact]
    public void Weighted_Weights_AreTheShares()
    {
        var drawn = new WeightedPolicy(new Random(7)).Draw(7000, Candidates.Of("a", weight: 4), Candidates.Of("b", weight: 2), Candidates.Of("c"));

        drawn["a"].ShouldBeInRange(3850, 4150);
        drawn["b"].ShouldBeInRange(1850, 2150);
        drawn["c"].ShouldBeInRange(850, 1150);
    }

    [Fact]
    public void Weighted_FullOnes_AreLeftOutWhereOthersHaveRoom()
    {
        var policy = new WeightedPolicy(new Random(7));

        policy.Draw(100, Candidates.Of("full", 10, weight: 9), Candidates.Of("free", 9)).ShouldBe(new() { ["free"] = 100 });
        policy.Draw(100, Candidates.Of("a", 10), Candidates.Of("b", 11)).Count.ShouldBe(2);
    }

    [Fact]
    public void LowestLatency_WithinTheBuffer_TakesTheLessLoaded()
    {
        var (fast, near, slow) = (Candidates.Of("fast", 5, latency: 0.10), Candidates.Of("near", 1, latency: 0.14), Candidates.Of("slow", 0, latency: 0.16));

        new LowestLatencyPolicy().Pick(new SelectionContext(LatencyBuffer: 0.5), fast, near, slow).ShouldBe("near");
        new LowestLatencyPolicy().Pick(new SelectionContext(LatencyBuffer: 0.3), fast, near, slow).ShouldBe("fast");
        new LowestLatencyPolicy().Pick(new SelectionContext(LatencyBuffer: 0.7), fast, near, slow).ShouldBe("slow");
    }

    [Fact]
    public void LowestLatency_NotMeasured_GetsItsChance()
    {
        new LowestLatencyPolicy().Pick(Candidates.NoContext, Candidates.Of("fast", 1, latency: 0.1), Candidates.Of("new")).ShouldBe("new");
        new LowestLatencyPolicy().Pick(Candidates.NoContext, Candidates.Of("a", 2), Candidates.Of("b", 1)).ShouldBe("b");
    }

    [Fact]
    public void Tiers_LowerTier_GoesFirstHoweverLoaded() =>
        new TiersPolicy().Pick(Candidates.NoContext, Candidates.Of("spare", tier: 1), Candidates.Of("busy", 9), Candidates.Of("full", 10))
            .ShouldBe("busy");

    [Fact]
    public void Affinity_Session_StaysWhateverTheLoadAndOrder()
    {
        var policy = new AffinityPolicy();
        var session = new SelectionContext("call-17");
        var chosen = policy.Pick(session, Candidates.Of("a"), Candidates.Of("b"), Candidates.Of("c"));

        policy.Pick(session, Candidates.Of("c", 3), Candidates.Of("a", 9), Candidates.Of("b", 7)).ShouldBe(chosen);
    }

    [Fact]
    public void Affinity_WorkerGone_OnlyItsSessionsMove()
    {
        var policy = new AffinityPolicy();
        var all = Enumerable.Range(0, 10).Select(i => Candidates.Of($"worker-{i}")).ToArray();
        var left = all[1..];
        var sessions = Enumerable.Range(0, 2000).Select(i => new SelectionContext($"session-{i}")).ToList();
        var before = sessions.Select(session => policy.Pick(session, all)).ToList();
        var after = sessions.Select(session => policy.Pick(session, left)).ToList();

        for (var i = 0; i < sessions.Count; i++)
        {
            (before[i] == "worker-0" || before[i] == after[i]).ShouldBeTrue();
        }

        before.CountBy(id => id).ShouldAllBe(count => count.Value > 140 && count.Value < 260);
    }

    [Fact]
    public void Affinity_Weights_AreTheSharesOfSessions()
    {
        var candidates = new[] { Candidates.Of("a", weight: 3), Candidates.Of("b") };
        var policy = new AffinityPolicy();

        Enumerable.Range(0, 4000).Count(i => policy.Pick(new SelectionContext($"session-{i}"), candidates) == "a").ShouldBeInRange(2880, 3120);
    }

    [Fact]
    public void Affinity_NoSession_TakesTheLeastLoaded() =>
        new AffinityPolicy().Pick(Candidates.NoContext, Candidates.Of("a", 2), Candidates.Of("b", 1)).ShouldBe("b");
}
