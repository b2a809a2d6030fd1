using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>
/// How budgets stand as far as this router knows. While Redis is gone, requests are admitted by it: half of what was left when Redis
/// went, and half of the limit in each minute or day that begins meanwhile. So two routers do not overspend, and more do by a bounded
/// share. Where no Redis is configured there is one router, and it has the whole.
/// </summary>
internal sealed class LocalBudgets(MeshClock clock)
{
    private const int PurgeAbove = 10_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <summary>Takes over what Redis said.</summary>
    public void Note(IReadOnlyList<BudgetStanding> standings)
    {
        var now = clock.UtcNow;
        lock (_lock)
        {
            Purge(now);
            foreach (var standing in standings)
            {
                // Answers may overtake each other; within a window of requests the count only grows.
                var counter = Find(standing.Budget, now);
                counter.Used = standing.Budget.Kind == BudgetKind.Requests ? Math.Max(counter.Used, standing.Used) : standing.Used;
                counter.Ends = now + standing.ResetAfter;
                counter.Lent = null;
            }
        }
    }

    /// <summary>How the budgets stand by the last word.</summary>
    public IReadOnlyList<BudgetStanding> Standings(IReadOnlyList<Budget> budgets)
    {
        var now = clock.UtcNow;
        lock (_lock)
        {
            return [.. budgets.Select(budget => Standing(budget, Find(budget, now), now))];
        }
    }

    /// <summary>Admits without Redis.</summary>
    /// <param name="budgets">The caller's budgets.</param>
    /// <param name="cost">What the request takes.</param>
    /// <param name="running">Streams that run here, by counter.</param>
    /// <param name="whole">Whether there are no other routers to leave something for.</param>
    public BudgetVerdict Admit(IReadOnlyList<Budget> budgets, BudgetCost cost, Func<string, int> running, bool whole)
    {
        var now = clock.UtcNow;
        lock (_lock)
        {
            Purge(now);
            var counters = budgets.Select(budget => Lend(budget, Find(budget, now), running, whole)).ToList();
            for (var i = 0; i < budgets.Count; i++)
            {
                if (counters[i].Used + Math.Max(1, cost.Of(budgets[i].Kind)) > counters[i].Lent)
                {
                    var refused = Standing(budgets[i], counters[i], now) with { Used = budgets[i].Limit };
                    return new BudgetVerdict(refused, [.. budgets.Select((budget, k) => k == i ? refused : Standing(budget, counters[k], now))]);
                }
            }

            for (var i = 0; i < budgets.Count; i++)
            {
                counters[i].Used += cost.Of(budgets[i].Kind);
            }

            return new BudgetVerdict(null, [.. budgets.Select((budget, i) => Standing(budget, counters[i], now))]);
        }
    }

    /// <summary>Puts right what a request admitted here has really taken.</summary>
    public void Correct(Budget budget, long amount)
    {
        lock (_lock)
        {
            if (_counters.TryGetValue(budget.Counter, out var counter) && budget.Kind is BudgetKind.Audio or BudgetKind.Characters)
            {
                counter!.Used += amount;
            }
        }
    }

    private Counter Find(Budget budget, DateTimeOffset now)
    {
        if (_counters.TryGetValue(budget.Counter, out var found) && (budget.Kind == BudgetKind.Streams || found.Ends > now))
        {
            return found;
        }

        var ends = budget.Kind == BudgetKind.Requests ? now + Minute : now + SharedBudgets.UntilTomorrow(now);
        return _counters[budget.Counter] = new Counter { Ends = ends };
    }

    private static Counter Lend(Budget budget, Counter counter, Func<string, int> running, bool whole)
    {
        if (budget.Kind == BudgetKind.Streams)
        {
            (counter.Used, counter.Lent) = (running(budget.Counter), whole ? budget.Limit : Half(budget.Limit));
        }
        else
        {
            counter.Lent ??= whole ? budget.Limit : counter.Used + Half(Math.Max(0, budget.Limit - counter.Used));
        }

        return counter;
    }

    private static long Half(long amount) => (amount + 1) / 2;

    private static BudgetStanding Standing(Budget budget, Counter counter, DateTimeOffset now) =>
        new(budget, counter.Used, budget.Kind == BudgetKind.Streams ? TimeSpan.Zero : counter.Ends - now);

    private void Purge(DateTimeOffset now)
    {
        if (_counters.Count > PurgeAbove)
        {
            foreach (var (key, _) in _counters.Where(entry => entry.Value.Ends <= now).ToList())
            {
                _counters.Remove(key);
            }
        }
    }

    private sealed class Counter
    {
        public long Used { get; set; }

        public DateTimeOffset Ends { get; set; }

        /// <summary>Up to where this router may count by itself; null while Redis counts.</summary>
        public long? Lent { get; set; }
    }
}
