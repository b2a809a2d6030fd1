using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants.Keys;

namespace WhisperMesh.Router.Tenants.Api;

/// <summary>A key to be made.</summary>
internal sealed record KeyRequest
{
    public string? Tenant { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public BudgetSettings? Budgets { get; init; }
}

/// <summary>A key as it is listed; with <paramref name="Key"/> once, when it is made.</summary>
internal sealed record KeyObject(
    string Object,
    string Id,
    string Tenant,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    BudgetSettings? Budgets,
    string? Key)
{
    public static KeyObject Of(KeyRecord record, ApiKey? key = null) => new(
        "api_key", record.Id, record.Tenant, record.Name, record.Scopes, record.CreatedAt, record.ExpiresAt, record.Budgets, key?.Reveal());
}

internal sealed record KeyList(string Object, IReadOnlyList<KeyObject> Data);

internal sealed record KeyDeleted(string Id, string Object, bool Deleted);
