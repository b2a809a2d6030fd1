namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>What was used, as GET /v1/usage replies.</summary>
/// <param name="Object">Always "usage".</param>
/// <param name="Tenant">Whose; "*" means everybody's.</param>
/// <param name="From">First day, UTC.</param>
/// <param name="To">Last day, UTC.</param>
/// <param name="GroupBy">By what the rows are told apart.</param>
/// <param name="Data">The rows, sorted.</param>
/// <param name="Total">All of them together.</param>
internal sealed record UsageReport(
    string Object, string Tenant, DateOnly From, DateOnly To, IReadOnlyList<string> GroupBy, IReadOnlyList<UsageRow> Data, UsageTotal Total);

/// <summary>One row; what it is not grouped by is left out.</summary>
internal sealed record UsageRow
{
    public DateOnly? Day { get; init; }

    public string? Tenant { get; init; }

    public string? Key { get; init; }

    public string? Model { get; init; }

    public string? Language { get; init; }

    public string? Upstream { get; init; }

    public long Requests { get; init; }

    public decimal AudioSeconds { get; init; }

    public long Characters { get; init; }

    public decimal Price { get; init; }

    public UsageRow With(UsageAmounts amounts) => this with
    {
        Requests = amounts.Requests,
        AudioSeconds = amounts.AudioMilliseconds / 1000m,
        Characters = amounts.Characters,
        Price = amounts.PriceMicros / 1_000_000m,
    };
}

internal sealed record UsageTotal(long Requests, decimal AudioSeconds, long Characters, decimal Price)
{
    public static UsageTotal Of(UsageAmounts amounts) => new(
        amounts.Requests, amounts.AudioMilliseconds / 1000m, amounts.Characters, amounts.PriceMicros / 1_000_000m);
}
