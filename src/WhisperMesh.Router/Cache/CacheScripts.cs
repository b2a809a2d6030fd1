namespace WhisperMesh.Router.Cache;

/// <summary>
/// What happens in Redis in one step. They use what Redis, Valkey and Garnet have in common, and are right, if not exact, where a
/// server lets two of them run side by side: each removal counts once.
/// </summary>
internal static class CacheScripts
{
    /// <summary>Keys: value, claim. Arguments: claimant, milliseconds. Gives the value, or 1 when the claim was free, or whose it is in a list.</summary>
    public const string FindOrClaim = """
        local value = redis.call('GET', KEYS[1])
        if value then return value end
        if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
        return {redis.call('GET', KEYS[2]) or ''}
        """;

    /// <summary>Keys: claim. Arguments: claimant, milliseconds.</summary>
    public const string Renew = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return 0
        """;

    /// <summary>Keys: claim. Arguments: claimant, channel, message.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then
          redis.call('DEL', KEYS[1])
          redis.call('PUBLISH', ARGV[2], ARGV[3])
        end
        return 0
        """;

    /// <summary>
    /// Keys: value, index, sizes, bytes. Arguments: value, life in milliseconds, now, end, most bytes, name. Gives the names of the
    /// results that had to go: their values are for the caller to delete, since a script may touch only keys that it is told.
    /// </summary>
    public const string Store = """
        local gone = {}
        local function remove(name)
          if redis.call('ZREM', KEYS[2], name) == 1 then
            local size = redis.call('HGET', KEYS[3], name)
            redis.call('HDEL', KEYS[3], name)
            if name ~= ARGV[6] then gone[#gone + 1] = name end
            if size then redis.call('DECRBY', KEYS[4], size) end
          end
        end
        for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[3], 'LIMIT', 0, 100)) do remove(name) end
        remove(ARGV[6])
        local size = #ARGV[1]
        local most = tonumber(ARGV[5])
        if size <= most then
          local bytes = tonumber(redis.call('GET', KEYS[4]) or '0')
          while bytes + size > most do
            local first = redis.call('ZRANGE', KEYS[2], 0, 0)
            if #first == 0 then
              redis.call('DEL', KEYS[4])
              break
            end
            remove(first[1])
            bytes = tonumber(redis.call('GET', KEYS[4]) or '0')
          end
          redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
          redis.call('ZADD', KEYS[2], ARGV[4], ARGV[6])
          redis.call('HSET', KEYS[3], ARGV[6], size)
          redis.call('INCRBY', KEYS[4], size)
        else
          gone[#gone + 1] = ARGV[6]
        end
        for i = 2, 4 do
          if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
        end
        return gone
        """;
}
