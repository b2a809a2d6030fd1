using System.Collections.Concurrent;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>
/// Admits requests within the budgets of their tenant and key. Exact over all routers, at the price of one round trip to Redis for a
/// caller that has budgets and none for one that has not; without Redis each router goes on by <see cref="LocalBudgets"/>.
/// </summary>
internal sealed class BudgetGate(
    SharedBudgets shared,
    LocalBudgets local,
    TenantRedis redis,
    MeshClock clock,
    IMeshConfigurationSource configuration,
    BudgetMetrics metrics,
    TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, BudgetHold> _running = new(StringComparer.Ordinal);

    /// <summary>Reserves what a request is reckoned to take.</summary>
    /// <exception cref="MeshException">A budget has no room for it.</exception>
    public async ValueTask<BudgetHold> AdmitAsync(Caller caller, BudgetCost cost, BudgetReport report, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var budgets = Relevant(BudgetsOf(caller), cost);
        if (budgets.Count == 0)
        {
            return new BudgetHold(id, caller, budgets, cost, Shared: false);
        }

        var (verdict, isShared) = await AdmitAsync(id, budgets, cost, cancellationToken);
        report.Standings = verdict.Standings;
        if (verdict.Refused is { } refused)
        {
            throw Deny(refused);
        }

        var hold = new BudgetHold(id, caller, budgets, cost, isShared);
        if (budgets.Any(budget => budget.Kind == BudgetKind.Streams))
        {
            _running[id] = hold;
        }

        return hold;
    }

    /// <summary>Reserves more audio for a request that has grown; the caller keeps what is returned beside <paramref name="hold"/>.</summary>
    /// <exception cref="MeshException">A budget has no room for it.</exception>
    public async ValueTask<BudgetHold> ExtendAsync(BudgetHold hold, BudgetCost cost, CancellationToken cancellationToken)
    {
        var (more, refused) = await TryReserveAsync(hold.Caller, cost, cancellationToken);
        return more ?? throw Deny(refused!);
    }

    /// <summary>The same; null where a budget has no room for it.</summary>
    public async ValueTask<BudgetHold?> TryExtendAsync(BudgetHold hold, BudgetCost cost, CancellationToken cancellationToken) =>
        (await TryReserveAsync(hold.Caller, cost, cancellationToken)).Hold;

    /// <summary>Says that a request has ended, whatever it came to.</summary>
    public void Release(BudgetHold hold, BudgetCost actual)
    {
        _running.TryRemove(hold.Id, out _);
        foreach (var budget in hold.Budgets)
        {
            local.Correct(budget, actual.Of(budget.Kind) - hold.Reserved.Of(budget.Kind));
        }
    }

    /// <summary>Throws at once where this router knows that the minute's requests are used up, before an upload is read.</summary>
    public void Precheck(Caller caller, BudgetReport report)
    {
        var budgets = BudgetsOf(caller);
        if (budgets.Count == 0)
        {
            return;
        }

        report.Standings = local.Standings(budgets);
        var refused = report.Standings.FirstOrDefault(standing => standing.Budget.Kind == BudgetKind.Requests && standing.Remaining == 0);
        if (refused is not null)
        {
            throw Deny(refused);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(RenewalInterval, time);
        while (redis.IsConfigured && await beat.WaitForNextTickAsync(stoppingToken))
        {
            var streams = _running.Values.Where(hold => hold.Shared).SelectMany(
                hold => hold.Budgets.Where(budget => budget.Kind == BudgetKind.Streams).Select(budget => (budget.Counter, hold.Id))).ToList();
            if (streams.Count > 0)
            {
                await RenewAsync(streams, stoppingToken);
            }
        }
    }

    private MeshException Deny(BudgetStanding refused)
    {
        metrics.OnDenied(refused.Budget.Kind);
        return BudgetErrors.Of(refused);
    }

    private async ValueTask<(BudgetHold? Hold, BudgetStanding? Refused)> TryReserveAsync(
        Caller caller, BudgetCost cost, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        List<Budget> budgets = [.. BudgetsOf(caller).Where(budget => budget.Kind == BudgetKind.Audio)];
        if (budgets.Count == 0)
        {
            return (new BudgetHold(id, caller, budgets, cost, Shared: false), null);
        }

        var (verdict, isShared) = await AdmitAsync(id, budgets, cost, cancellationToken);
        return verdict.Refused is { } refused ? (null, refused) : (new BudgetHold(id, caller, budgets, cost, isShared), null);
    }

    private async Task RenewAsync(List<(string Counter, string Id)> streams, CancellationToken cancellationToken)
    {
        try
        {
            await shared.RenewAsync(streams, cancellationToken);

            // One that ended meanwhile may just have been written again.
            foreach (var (counter, id) in streams.Where(stream => !_running.ContainsKey(stream.Id)))
            {
                await redis.AskAsync(database => database.SortedSetRemoveAsync(counter, id), cancellationToken);
            }
        }
        catch (StoreUnavailableException)
        {
            // The next beat tries again; the lease sits out two of them.
        }
    }

    private async ValueTask<(BudgetVerdict Verdict, bool Shared)> AdmitAsync(
        string id, IReadOnlyList<Budget> budgets, BudgetCost cost, CancellationToken cancellationToken)
    {
        if (redis.IsUp)
        {
            try
            {
                var verdict = await shared.AdmitAsync(id, budgets, cost, cancellationToken);
                local.Note(verdict.Standings);
                return (verdict, true);
            }
            catch (StoreUnavailableException)
            {
                // As if it had been gone before. What it may have counted all the same is a bounded error on the safe side.
            }
        }

        return (local.Admit(budgets, cost, RunningAt, whole: !redis.IsConfigured), false);
    }

    private int RunningAt(string counter) => _running.Values.Count(hold => hold.Budgets.Any(budget => budget.Counter == counter));

    private IReadOnlyList<Budget> BudgetsOf(Caller caller) => Budget.Of(caller, configuration.Current, clock.Today);

    // A transcription spends no characters and speech no minutes of transcription, so the other's budget does not stop it.
    private static List<Budget> Relevant(IReadOnlyList<Budget> budgets, BudgetCost cost) =>
    [
        .. budgets.Where(budget => budget.Kind switch
        {
            BudgetKind.Audio => cost.Characters == 0,
            BudgetKind.Characters => cost.Characters > 0,
            _ => true,
        }),
    ];
}
