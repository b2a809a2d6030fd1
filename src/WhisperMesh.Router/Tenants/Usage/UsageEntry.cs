using System.Text.Json.Serialization;
using WhisperMesh.Router.Tenants.Budgets;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>By what usage is told apart, beside tenant and day.</summary>
/// <param name="Key">Id of the key; empty on an open mesh.</param>
/// <param name="Model">Model that served.</param>
/// <param name="Language">Language given or detected; empty for speech.</param>
/// <param name="Upstream">Name of the upstream that served; empty: a worker of the mesh.</param>
internal sealed record UsageSlot(string Key, string Model, string Language, string Upstream);

/// <summary>How much.</summary>
/// <param name="Requests">Requests that were served.</param>
/// <param name="AudioMilliseconds">Audio transcribed.</param>
/// <param name="Characters">Characters spoken.</param>
/// <param name="PriceMicros">What upstreams charge, in millionths of the currency of their prices.</param>
internal sealed record UsageAmounts(long Requests, long AudioMilliseconds, long Characters, long PriceMicros)
{
    public static readonly UsageAmounts None = new(0, 0, 0, 0);

    public static UsageAmounts operator +(UsageAmounts left, UsageAmounts right) => new(
        left.Requests + right.Requests,
        left.AudioMilliseconds + right.AudioMilliseconds,
        left.Characters + right.Characters,
        left.PriceMicros + right.PriceMicros);
}

/// <summary>What one run of a request came to: written once, however often it is sent.</summary>
internal sealed record UsageEntry
{
    /// <summary>Id of the run.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    /// <summary>When it ended; its day is the one it counts for.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Null where a failed request only gives its budget back.</summary>
    public UsageSlot? Slot { get; init; }

    public UsageAmounts Amounts { get; init; } = UsageAmounts.None;

    public IReadOnlyList<CounterChange> Counters { get; init; } = [];
}

/// <summary>What is to be added to a budget's counter.</summary>
internal sealed record CounterChange(string Counter, BudgetKind Kind, long Amount);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UsageEntry))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class UsageEntryJson : JsonSerializerContext;
