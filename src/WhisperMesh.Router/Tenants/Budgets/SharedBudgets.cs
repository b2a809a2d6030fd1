using StackExchange.Redis;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>The counters that all routers share, in Redis: one round trip for all budgets of a request.</summary>
internal sealed class SharedBudgets(TenantRedis redis, MeshClock clock)
{
    /// <summary>How long a stream counts that its router no longer speaks of, as one that was killed.</summary>
    public static readonly TimeSpan StreamLease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<BudgetVerdict> AdmitAsync(
        string id, IReadOnlyList<Budget> budgets, BudgetCost cost, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow;
        var untilTomorrow = UntilTomorrow(now);
        var keys = new RedisKey[budgets.Count];
        var arguments = new List<RedisValue> { now.ToUnixTimeMilliseconds(), id };
        for (var i = 0; i < budgets.Count; i++)
        {
            keys[i] = budgets[i].Counter;
            arguments.Add(BudgetScripts.Letter(budgets[i].Kind));
            arguments.Add(budgets[i].Limit);
            arguments.Add(cost.Of(budgets[i].Kind));
            arguments.Add((long)Lifetime(budgets[i].Kind, untilTomorrow).TotalMilliseconds);
        }

        var answer = (long[])(await redis.AskAsync(
            database => database.ScriptEvaluateAsync(BudgetScripts.Admit, keys, [.. arguments]), cancellationToken))!;
        var standings = budgets.Select((budget, i) => new BudgetStanding(
            budget, answer[1 + (2 * i)], ResetAfter(budget.Kind, TimeSpan.FromMilliseconds(answer[2 + (2 * i)]), untilTomorrow))).ToList();
        return new BudgetVerdict(answer[0] == 0 ? null : standings[(int)answer[0] - 1], standings);
    }

    /// <summary>Says that streams live on.</summary>
    public Task RenewAsync(IReadOnlyList<(string Counter, string Id)> streams, CancellationToken cancellationToken) => redis.AskAsync(
        async database =>
        {
            var until = (clock.UtcNow + StreamLease).ToUnixTimeMilliseconds();
            await Task.WhenAll(streams.SelectMany(stream => new Task[]
            {
                database.SortedSetAddAsync(stream.Counter, stream.Id, until),
                database.KeyExpireAsync(stream.Counter, StreamLease),
            }));
            return true;
        },
        cancellationToken);

    public static TimeSpan UntilTomorrow(DateTimeOffset now) => now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime;

    // A day's counter lives into the next, for requests that began before midnight.
    private static TimeSpan Lifetime(BudgetKind kind, TimeSpan untilTomorrow) => kind switch
    {
        BudgetKind.Requests => Minute,
        BudgetKind.Streams => StreamLease,
        _ => untilTomorrow + TimeSpan.FromDays(1),
    };

    private static TimeSpan ResetAfter(BudgetKind kind, TimeSpan lives, TimeSpan untilTomorrow) => kind switch
    {
        BudgetKind.Requests => lives,
        BudgetKind.Streams => TimeSpan.Zero,
        _ => untilTomorrow,
    };
}
