using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tenants;

/// <summary>Who asks. Every request has one; where no keys are asked for it is <see cref="Local"/>.</summary>
internal sealed record Caller
{
    /// <summary>Whoever reaches a mesh that is open on loopback.</summary>
    public static readonly Caller Local = new() { TenantId = "local" };

    public required string TenantId { get; init; }

    /// <summary>Public id of the key that was shown; null where keys are not asked for.</summary>
    public string? KeyId { get; init; }

    /// <summary>What it may do.</summary>
    public IReadOnlyCollection<string> Scopes { get; init; } = Keys.Scopes.All;

    /// <summary>What the key itself may use, beside what its tenant may.</summary>
    public BudgetSettings? KeyBudgets { get; init; }

    /// <summary>Whether it may look at other tenants and their keys.</summary>
    public bool IsAdmin => Scopes.Contains(Keys.Scopes.Admin);

    /// <summary>Whether it may look at the whole mesh.</summary>
    public bool IsOperator => IsAdmin || Scopes.Contains(Keys.Scopes.Operate);

    /// <summary>The caller of a request that has passed authentication.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Local;
}
