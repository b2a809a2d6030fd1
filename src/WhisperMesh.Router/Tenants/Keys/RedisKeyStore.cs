using System.Text.Json;
using StackExchange.Redis;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>Keys in Redis: one string each, and a sorted set of their ids by age.</summary>
internal sealed class RedisKeyStore : IKeyStore
{
    private static readonly RedisKey Index = "whispermesh:keys";
    private static readonly RedisChannel Channel = RedisChannel.Literal("whispermesh:keys:changed");

    private readonly TenantRedis _redis;

    public RedisKeyStore(TenantRedis redis)
    {
        _redis = redis;
        redis.OnMessage(Channel, id => Changed?.Invoke(id));
        redis.Restored += () => Changed?.Invoke(null);
    }

    public event Action<string?>? Changed;

    public async Task<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        Parse(await _redis.AskAsync(database => database.StringGetAsync(KeyOf(id)), cancellationToken));

    public async Task<IReadOnlyList<KeyRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = await _redis.AskAsync(database => database.SortedSetRangeByRankAsync(Index), cancellationToken);
        var values = await _redis.AskAsync(
            database => Task.WhenAll(ids.Select(id => database.StringGetAsync(KeyOf(id.ToString())))), cancellationToken);
        return [.. values.Select(Parse).OfType<KeyRecord>()];
    }

    public Task AddAsync(KeyRecord record, CancellationToken cancellationToken) => _redis.AskAsync(
        async database =>
        {
            var transaction = database.CreateTransaction();
            var value = JsonSerializer.SerializeToUtf8Bytes(record, KeyRecordJson.Default.KeyRecord);
            _ = transaction.StringSetAsync(KeyOf(record.Id), value);
            _ = transaction.SortedSetAddAsync(Index, record.Id, record.CreatedAt.ToUnixTimeMilliseconds());
            await transaction.ExecuteAsync();

            // Apart: Garnet takes no PUBLISH in a transaction.
            await database.PublishAsync(Channel, record.Id);
            return true;
        },
        cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => _redis.AskAsync(
        async database =>
        {
            var transaction = database.CreateTransaction();
            var removed = transaction.KeyDeleteAsync(KeyOf(id));
            _ = transaction.SortedSetRemoveAsync(Index, id);
            await transaction.ExecuteAsync();
            await database.PublishAsync(Channel, id);
            return await removed;
        },
        cancellationToken);

    private static RedisKey KeyOf(string id) => $"whispermesh:key:{id}";

    private static KeyRecord? Parse(RedisValue value) =>
        value.IsNull ? null : JsonSerializer.Deserialize((byte[])value!, KeyRecordJson.Default.KeyRecord);
}
