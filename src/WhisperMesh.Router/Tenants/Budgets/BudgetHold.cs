namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>What a running request has reserved.</summary>
/// <param name="Id">Made here for this run; a caller's own id could be used twice.</param>
/// <param name="Caller">Whose budgets.</param>
/// <param name="Budgets">Which.</param>
/// <param name="Reserved">The cost that was reckoned.</param>
/// <param name="Shared">Whether Redis counts it; else only this router does so far.</param>
internal sealed record BudgetHold(string Id, Caller Caller, IReadOnlyList<Budget> Budgets, BudgetCost Reserved, bool Shared)
{
    /// <summary>What the shared counters are still owed once the request has come to <paramref name="actual"/>.</summary>
    public IEnumerable<(Budget Budget, long Amount)> Corrections(BudgetCost actual)
    {
        foreach (var budget in Budgets)
        {
            var owed = budget.Kind switch
            {
                BudgetKind.Requests or BudgetKind.Streams => Shared ? 0 : 1,
                _ => actual.Of(budget.Kind) - (Shared ? Reserved.Of(budget.Kind) : 0),
            };

            // A stream's place is given back whatever the amount.
            if (owed != 0 || (budget.Kind == BudgetKind.Streams && Shared))
            {
                yield return (budget, owed);
            }
        }
    }
}
