namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>How the caller's budgets stand, for the headers of the reply. One for each request; the last word counts.</summary>
internal sealed class BudgetReport
{
    public IReadOnlyList<BudgetStanding> Standings { get; set; } = [];

    /// <summary>The report of a request; one that nobody reads where the request is not metered.</summary>
    public static BudgetReport Of(HttpContext context) => context.Features.Get<BudgetReport>() ?? new BudgetReport();
}
