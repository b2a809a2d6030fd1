using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>Usage in Redis: a hash for each tenant and day, whose fields are a letter and the slot as JSON.</summary>
internal sealed class UsageStore(TenantRedis redis)
{
    private static readonly RedisKey Tenants = "whispermesh:usage:tenants";
    private static readonly TimeSpan Retention = TimeSpan.FromDays(400);

    // As long as an entry may wait in a journal without being counted twice.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(2);
    private static readonly TimeSpan CounterLife = TimeSpan.FromDays(2);

    private readonly ConcurrentDictionary<string, bool> _noted = new(StringComparer.Ordinal);

    /// <summary>Writes an entry, or finds that it was written before.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer; the entry may have been written all the same.</exception>
    public async Task WriteAsync(UsageEntry entry, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(entry.At.UtcDateTime);
        RedisKey[] keys =
        [
            $"whispermesh:usage:{{{entry.Tenant}}}:written:{entry.At.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)}",
            KeyOf(entry.Tenant, day),
            .. entry.Counters.Select(change => (RedisKey)change.Counter),
        ];
        var fields = entry.Slot is { } slot ? Fields(slot, entry.Amounts).ToList() : [];
        RedisValue[] arguments =
        [
            entry.Id, Milliseconds(Remembered), Milliseconds(Retention), Milliseconds(CounterLife), fields.Count,
            .. fields.SelectMany(field => new RedisValue[] { field.Name, field.Amount }),
            .. entry.Counters.SelectMany(change => new RedisValue[] { BudgetScripts.Letter(change.Kind), change.Amount }),
        ];
        await redis.AskAsync(database => database.ScriptEvaluateAsync(BudgetScripts.Settle, keys, arguments), cancellationToken);
        if (entry.Slot is not null && !_noted.ContainsKey(entry.Tenant))
        {
            await redis.AskAsync(database => database.SetAddAsync(Tenants, entry.Tenant), cancellationToken);
            _noted[entry.Tenant] = true;
        }
    }

    /// <returns>The tenants that ever used anything.</returns>
    public async Task<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        [.. (await redis.AskAsync(database => database.SetMembersAsync(Tenants), cancellationToken)).Select(value => value.ToString())];

    /// <returns>What the tenant used on that day, by slot.</returns>
    public async Task<IReadOnlyDictionary<UsageSlot, UsageAmounts>> ReadAsync(string tenant, DateOnly day, CancellationToken cancellationToken)
    {
        var slots = new Dictionary<UsageSlot, UsageAmounts>();
        foreach (var field in await redis.AskAsync(database => database.HashGetAllAsync(KeyOf(tenant, day)), cancellationToken))
        {
            var name = field.Name.ToString();
            var parts = JsonSerializer.Deserialize(name.AsSpan(1), UsageEntryJson.Default.StringArray)!;
            var slot = new UsageSlot(parts[0], parts[1], parts[2], parts[3]);
            slots[slot] = slots.GetValueOrDefault(slot, UsageAmounts.None) + Amount(name[0], (long)field.Value);
        }

        return slots;
    }

    private static IEnumerable<(string Name, long Amount)> Fields(UsageSlot slot, UsageAmounts amounts)
    {
        string[] parts = [slot.Key, slot.Model, slot.Language, slot.Upstream];
        var json = JsonSerializer.Serialize(parts, UsageEntryJson.Default.StringArray);
        return new (string Name, long Amount)[]
        {
            ($"r{json}", amounts.Requests),
            ($"a{json}", amounts.AudioMilliseconds),
            ($"c{json}", amounts.Characters),
            ($"p{json}", amounts.PriceMicros),
        }.Where(field => field.Amount != 0);
    }

    private static UsageAmounts Amount(char letter, long value) => letter switch
    {
        'r' => new UsageAmounts(value, 0, 0, 0),
        'a' => new UsageAmounts(0, value, 0, 0),
        'c' => new UsageAmounts(0, 0, value, 0),
        _ => new UsageAmounts(0, 0, 0, value),
    };

    private static RedisKey KeyOf(string tenant, DateOnly day) =>
        $"whispermesh:usage:{{{tenant}}}:{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
