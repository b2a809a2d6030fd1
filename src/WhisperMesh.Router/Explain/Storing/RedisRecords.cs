using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>Records in Redis, for all routers: each for a while, and of each tenant as many as are listed. Asked by nobody who waits for speech.</summary>
internal sealed class RedisRecords(TenantRedis redis, IOptions<ExplainOptions> options, TimeProvider time)
{
    /// <summary>Sorted set of tenants that have a list, by when it was last added to, in Unix milliseconds.</summary>
    private static readonly RedisKey Tenants = "whispermesh:requests:tenants";

    // Lists are cut back after so many additions, since looking costs as much as adding.
    private const int AddedBetweenCuts = 50;
    private const byte Break = (byte)'\n';

    private readonly ExplainOptions _options = options.Value;
    private readonly Dictionary<string, int> _added = [];

    public bool IsConfigured => redis.IsConfigured;

    public bool IsUp => redis.IsUp;

    /// <summary>Writes records down, and cuts lists back that have grown too long. Called by one writer only.</summary>
    /// <exception cref="StoreUnavailableException">Redis is gone.</exception>
    public async Task WriteAsync(IReadOnlyList<KeptRecord> records, CancellationToken cancellationToken)
    {
        await redis.AskAsync(
            database =>
            {
                var batch = database.CreateBatch();
                foreach (var record in records)
                {
                    Add(batch, record);
                }

                _ = batch.SortedSetRemoveRangeByScoreAsync(
                    Tenants, double.NegativeInfinity, Oldest, flags: CommandFlags.FireAndForget);
                var done = batch.SortedSetAddAsync(
                    Tenants, [.. records.Select(record => record.Tenant).Distinct().Select(tenant => new SortedSetEntry(tenant, Now))]);
                _ = batch.KeyExpireAsync(Tenants, _options.KeepFor, flags: CommandFlags.FireAndForget);
                batch.Execute();
                return done;
            },
            cancellationToken);
        foreach (var tenant in records.Select(record => record.Tenant).Distinct())
        {
            await CutAsync(tenant, records.Count(record => record.Tenant == tenant), cancellationToken);
        }
    }

    /// <exception cref="StoreUnavailableException">Redis is gone.</exception>
    public async Task<RequestRecord?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var value = await redis.AskAsync(database => database.StringGetAsync(KeyOf(tenant, id)), cancellationToken);
        return value.IsNull ? null : RequestRecord.Parser.ParseFrom((byte[])value!);
    }

    /// <summary>Whose request of this name came last; null: nobody's.</summary>
    /// <exception cref="StoreUnavailableException">Redis is gone.</exception>
    public async Task<string?> OwnerOfAsync(string id, CancellationToken cancellationToken) =>
        await redis.AskAsync(database => database.StringGetAsync(OwnerKeyOf(id)), cancellationToken);

    /// <summary>The latest lines of a tenant, newest first.</summary>
    /// <exception cref="StoreUnavailableException">Redis is gone.</exception>
    public async Task<IReadOnlyList<RequestLine>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var members = await redis.AskAsync(
            database => database.SortedSetRangeByScoreAsync(
                ListOf(tenant), Oldest, order: Order.Descending, take: _options.ListedPerTenant),
            cancellationToken);
        return [.. members.Select(member => LineOf((byte[])member!))];
    }

    /// <summary>Tenants that have a list.</summary>
    /// <exception cref="StoreUnavailableException">Redis is gone.</exception>
    public async Task<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken)
    {
        var tenants = await redis.AskAsync(database => database.SortedSetRangeByScoreAsync(Tenants, Oldest), cancellationToken);
        return [.. tenants.Select(tenant => tenant.ToString())];
    }

    private double Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private double Oldest => (time.GetUtcNow() - _options.KeepFor).ToUnixTimeMilliseconds();

    private void Add(IBatch batch, KeptRecord record)
    {
        // Whoever waits for the last command waits for these.
        const CommandFlags Unasked = CommandFlags.FireAndForget;
        _ = batch.StringSetAsync(KeyOf(record.Tenant, record.Id), record.Bytes, _options.KeepFor, flags: Unasked);
        _ = batch.StringSetAsync(OwnerKeyOf(record.Id), record.Tenant, _options.KeepFor, flags: Unasked);
        _ = batch.SortedSetAddAsync(ListOf(record.Tenant), MemberOf(record.Line), Now, flags: Unasked);
        _ = batch.KeyExpireAsync(ListOf(record.Tenant), _options.KeepFor, flags: Unasked);
    }

    private async Task CutAsync(string tenant, int added, CancellationToken cancellationToken)
    {
        _added[tenant] = _added.GetValueOrDefault(tenant) + added;
        if (_added[tenant] < AddedBetweenCuts)
        {
            return;
        }

        _added.Remove(tenant);
        var tooOld = await redis.AskAsync(
            database => database.SortedSetRangeByRankAsync(ListOf(tenant), 0, -_options.ListedPerTenant - 1), cancellationToken);
        if (tooOld.Length == 0)
        {
            return;
        }

        RedisKey[] keys = [.. tooOld.Select(member => LineOf((byte[])member!).RequestId).Distinct().SelectMany(id => new[] { KeyOf(tenant, id), OwnerKeyOf(id) })];
        await redis.AskAsync(
            database =>
            {
                // One by one: on a cluster they lie on several nodes.
                foreach (var key in keys)
                {
                    _ = database.KeyDeleteAsync(key, CommandFlags.FireAndForget);
                }

                return database.SortedSetRemoveAsync(ListOf(tenant), tooOld);
            },
            cancellationToken);
    }

    // The same request may be listed twice, should a write be repeated; its name makes it one.
    private static byte[] MemberOf(RequestLine line) => [.. Encoding.UTF8.GetBytes(line.RequestId), Break, .. line.ToByteArray()];

    private static RequestLine LineOf(byte[] member) => RequestLine.Parser.ParseFrom(member.AsSpan(Array.IndexOf(member, Break) + 1));

    private static RedisKey KeyOf(string tenant, string id) => $"whispermesh:requests:of:{tenant}:{id}";

    private static RedisKey OwnerKeyOf(string id) => $"whispermesh:requests:owner:{id}";

    private static RedisKey ListOf(string tenant) => $"whispermesh:requests:list:{tenant}";
}
