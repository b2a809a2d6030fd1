using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Cache;

/// <summary>What a look into the store has found.</summary>
/// <param name="Value">The result; null: there is none.</param>
/// <param name="Claim">Whether the caller is now the one router that makes it.</param>
internal readonly record struct Finding(byte[]? Value, Claim Claim)
{
    /// <summary>Whether Redis has answered at all.</summary>
    public bool IsAnswer => Value is not null || Claim != Claim.Unknown;
}

/// <summary>Who makes a result that is not stored.</summary>
internal enum Claim
{
    /// <summary>Nobody can say: Redis is not there, or too slow.</summary>
    Unknown,

    /// <summary>This request.</summary>
    Ours,

    /// <summary>Another request, whose result will do.</summary>
    Theirs,

    /// <summary>Another request, whose result lacks something or may come later than is good.</summary>
    Unserving,
}

/// <summary>
/// The results in Redis. Each tenant has an index of its results by the time at which they run out, and a sum of their sizes; what is
/// too much goes first that runs out first. No call waits longer than the bound: without Redis there is no cache, and no delay.
/// </summary>
internal sealed class RedisResults(RedisLink link, RedisGuard guard, TimeProvider time)
{
    /// <summary>How long a router's claim lasts that is not renewed.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(5);

    // Redis may be the slow one, but the caller has its answer already.
    private static readonly TimeSpan StoreBound = TimeSpan.FromSeconds(2);

    private static readonly RedisChannel Ended = RedisChannel.Literal("whispermesh:cache:ended");

    /// <summary>Whether Redis can be asked now.</summary>
    public bool IsUp => link.Connection is not null && guard.IsOpen;

    /// <summary>Looks for a result and, when there is none, claims to make it.</summary>
    public async Task<Finding> FindOrClaimAsync(CacheKey key, Claimant claimant, CancellationToken cancellationToken)
    {
        var answer = await guard.AskAsync(
            database => database.ScriptEvaluateAsync(
                CacheScripts.FindOrClaim,
                [Value(key), ClaimOn(key)],
                [claimant.ToString(), (long)ClaimTime.TotalMilliseconds]),
            cancellationToken);
        return answer switch
        {
            null => new Finding(null, Claim.Unknown),
            _ when answer.Resp2Type == ResultType.BulkString => new Finding((byte[])answer!, Claim.Unknown),
            _ when answer.Resp2Type == ResultType.Array => new Finding(
                null, Claimant.Parse((string?)answer[0]) is { } other && other.Serves(claimant) ? Claim.Theirs : Claim.Unserving),
            _ => new Finding(null, Claim.Ours),
        };
    }

    /// <summary>Looks for a result.</summary>
    public async Task<byte[]?> FindAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var found = await guard.AskAsync(
            async database => (byte[]?)await database.StringGetAsync(Value(key)), cancellationToken);
        return found;
    }

    /// <summary>Keeps a result, and lets go of what is then too much.</summary>
    public Task StoreAsync(CacheKey key, byte[] value, CacheTerms terms) => guard.AskAsync(
        async database =>
        {
            var now = time.GetUtcNow();
            var gone = await database.ScriptEvaluateAsync(
                CacheScripts.Store,
                [Value(key), Prefix(key) + "index", Prefix(key) + "sizes", Prefix(key) + "bytes"],
                [
                    value,
                    (long)terms.TimeToLive.TotalMilliseconds,
                    now.ToUnixTimeMilliseconds(),
                    (now + terms.TimeToLive).ToUnixTimeMilliseconds(),
                    terms.MaxBytes,
                    key.Digest,
                ]);
            RedisKey[] values = [.. ((RedisKey[]?)gone ?? []).Select(digest => Value(key with { Digest = digest.ToString() }))];
            if (values.Length > 0)
            {
                await database.KeyDeleteAsync(values);
            }

            return gone;
        },
        CancellationToken.None,
        StoreBound);

    /// <summary>Keeps a claim alive.</summary>
    public Task RenewAsync(CacheKey key, Claimant claimant) => guard.AskAsync(
        database => database.ScriptEvaluateAsync(
            CacheScripts.Renew, [ClaimOn(key)], [claimant.ToString(), (long)ClaimTime.TotalMilliseconds]),
        CancellationToken.None,
        StoreBound);

    /// <summary>Gives a claim up and tells those who wait.</summary>
    public Task ReleaseAsync(CacheKey key, Claimant claimant) => guard.AskAsync(
        database => database.ScriptEvaluateAsync(
            CacheScripts.Release, [ClaimOn(key)], [claimant.ToString(), Ended.ToString(), key.Scope + key.Digest]),
        CancellationToken.None,
        StoreBound);

    /// <summary>Has <paramref name="onEnded"/> called with each claim that is given up, at whatever router.</summary>
    public async Task<bool> ListenAsync(Action<string> onEnded)
    {
        var done = await guard.AskAsync(
            async database =>
            {
                await database.Multiplexer.GetSubscriber().SubscribeAsync(Ended, (_, key) => onEnded(key.ToString()));
                return "";
            },
            CancellationToken.None,
            StoreBound);
        return done is not null;
    }

    /// <summary>What <see cref="ListenAsync"/> calls a key.</summary>
    public static string NameOf(CacheKey key) => key.Scope + key.Digest;

    // The braces keep all keys of a tenant on one node of a cluster.
    private static string Prefix(CacheKey key) => $"whispermesh:cache:{{{key.Scope}}}:";

    private static RedisKey Value(CacheKey key) => Prefix(key) + "value:" + key.Digest;

    private static RedisKey ClaimOn(CacheKey key) => Prefix(key) + "claim:" + key.Digest;
}
