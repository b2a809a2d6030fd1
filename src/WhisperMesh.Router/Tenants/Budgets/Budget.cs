using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>What is counted.</summary>
internal enum BudgetKind
{
    /// <summary>Requests in a minute, which begins with the first of them.</summary>
    Requests,

    /// <summary>Milliseconds of audio in a day of UTC.</summary>
    Audio,

    /// <summary>Characters to speak in a day of UTC.</summary>
    Characters,

    /// <summary>Requests at once.</summary>
    Streams,
}

/// <summary>One limit that holds for a caller.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Limit">How much, in the unit of the kind.</param>
/// <param name="Counter">Key of the counter in Redis, the same for all routers.</param>
/// <param name="OfKey">Whether it is the key's own limit rather than its tenant's.</param>
internal sealed record Budget(BudgetKind Kind, long Limit, string Counter, bool OfKey)
{
    private const double MillisecondsPerMinute = 60_000;

    /// <summary>All limits of a caller; empty where nothing is bounded.</summary>
    public static IReadOnlyList<Budget> Of(Caller caller, MeshConfiguration configuration, DateOnly day)
    {
        var tenant = configuration.Tenants.GetValueOrDefault(caller.TenantId)
            ?? configuration.Tenants.GetValueOrDefault(TenantConfigurationCheck.AnyTenant);
        var list = new List<Budget>();

        // In braces, so that a cluster keeps a tenant's counters on one node.
        var scope = $"whispermesh:budget:{{{caller.TenantId}}}:";
        Add(list, tenant?.Budgets, scope, ofKey: false, day);
        Add(list, caller.KeyBudgets, $"{scope}key:{caller.KeyId}:", ofKey: true, day);
        return list;
    }

    private static void Add(List<Budget> list, BudgetSettings? budgets, string scope, bool ofKey, DateOnly day)
    {
        if (budgets is null)
        {
            return;
        }

        if (budgets.RequestsPerMinute is { } requests)
        {
            list.Add(new Budget(BudgetKind.Requests, requests, $"{scope}requests", ofKey));
        }

        if (budgets.ConcurrentStreams is { } streams)
        {
            list.Add(new Budget(BudgetKind.Streams, streams, $"{scope}streams", ofKey));
        }

        if (budgets.AudioMinutesPerDay is { } minutes)
        {
            list.Add(new Budget(BudgetKind.Audio, (long)Math.Ceiling(minutes * MillisecondsPerMinute), $"{scope}audio:{day:yyyy-MM-dd}", ofKey));
        }

        if (budgets.CharactersPerDay is { } characters)
        {
            list.Add(new Budget(BudgetKind.Characters, characters, $"{scope}characters:{day:yyyy-MM-dd}", ofKey));
        }
    }
}

/// <summary>What a request is reckoned to take.</summary>
internal readonly record struct BudgetCost(TimeSpan Audio, long Characters)
{
    public long Of(BudgetKind kind) => kind switch
    {
        BudgetKind.Audio => (long)Audio.TotalMilliseconds,
        BudgetKind.Characters => Characters,
        _ => 1,
    };
}

/// <summary>How a budget stands.</summary>
/// <param name="Budget">Which one.</param>
/// <param name="Used">How much of it is used or reserved.</param>
/// <param name="ResetAfter">When it begins anew; zero for those that don't.</param>
internal sealed record BudgetStanding(Budget Budget, long Used, TimeSpan ResetAfter)
{
    public long Remaining => Math.Max(0, Budget.Limit - Used);
}

/// <summary>Whether a request may go on.</summary>
/// <param name="Refused">The first budget that has no room for it; null: it may.</param>
/// <param name="Standings">How all of the caller's budgets stand now.</param>
internal sealed record BudgetVerdict(BudgetStanding? Refused, IReadOnlyList<BudgetStanding> Standings);
