using System.Security.Cryptography;
using System.Text.Json.Serialization;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>A key as the store keeps it: everything but the key.</summary>
internal sealed record KeyRecord
{
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops being good; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public BudgetSettings? Budgets { get; init; }

    /// <summary>Whether this is the record of that very key. Takes the same time for any wrong one.</summary>
    public bool Matches(ApiKey key) => CryptographicOperations.FixedTimeEquals(Hash, key.Hash());

    public Caller ToCaller() => new() { TenantId = Tenant, KeyId = Id, Scopes = Scopes, KeyBudgets = Budgets };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyRecord))]
internal sealed partial class KeyRecordJson : JsonSerializerContext;
