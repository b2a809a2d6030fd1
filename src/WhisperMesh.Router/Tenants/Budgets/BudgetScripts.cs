namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>What Redis runs as one step. Plain Lua that Redis, Valkey and Garnet all take.</summary>
internal static class BudgetScripts
{
    /// <summary>
    /// Takes a request's cost from all of its counters, or from none. KEYS: the counters. ARGV: now in Unix milliseconds, id of the
    /// request, then for each counter its kind (r, a, c, s), limit, cost and lifetime in milliseconds. Answers the number of the
    /// counter that refused, or 0, then what is used of each and how many milliseconds it lives on.
    /// </summary>
    public const string Admit = """
        local now = tonumber(ARGV[1])
        local used = {}
        local refused = 0
        for i = 1, #KEYS do
          local a = 2 + (i - 1) * 4
          local cost = tonumber(ARGV[a + 3])
          if cost < 1 then cost = 1 end
          if ARGV[a + 1] == 's' then
            redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[1])
            used[i] = tonumber(redis.call('ZCARD', KEYS[i]))
          else
            used[i] = tonumber(redis.call('GET', KEYS[i]) or '0')
          end
          if refused == 0 and used[i] + cost > tonumber(ARGV[a + 2]) then refused = i end
        end
        local answer = { refused }
        for i = 1, #KEYS do
          local a = 2 + (i - 1) * 4
          if refused == 0 then
            if ARGV[a + 1] == 's' then
              redis.call('ZADD', KEYS[i], string.format('%.0f', now + tonumber(ARGV[a + 4])), ARGV[2])
              used[i] = used[i] + 1
            else
              used[i] = tonumber(redis.call('INCRBY', KEYS[i], ARGV[a + 3]))
            end
          end
          local left = tonumber(redis.call('PTTL', KEYS[i]))
          if left < 0 then
            left = tonumber(ARGV[a + 4])
            if refused == 0 then redis.call('PEXPIRE', KEYS[i], ARGV[a + 4]) end
          elseif refused == 0 and ARGV[a + 1] == 's' then
            redis.call('PEXPIRE', KEYS[i], ARGV[a + 4])
          end
          answer[#answer + 1] = used[i]
          answer[#answer + 1] = left
        end
        return answer
        """;

    /// <summary>
    /// Writes what a request came to, once. KEYS: the set of what was written that hour, the day's usage, then the counters.
    /// ARGV: id of the request, lifetimes of the two in milliseconds and of a day's counter, number of fields, each field and its amount, then
    /// for each counter its kind and what to add. Answers 1, or 0 when it was written before.
    /// </summary>
    public const string Settle = """
        if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        local count = tonumber(ARGV[5])
        local a = 6
        for i = 1, count do
          redis.call('HINCRBY', KEYS[2], ARGV[a], ARGV[a + 1])
          a = a + 2
        end
        if count > 0 then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
        for i = 3, #KEYS do
          if ARGV[a] == 's' then
            redis.call('ZREM', KEYS[i], ARGV[1])
          elseif ARGV[a] == 'r' then
            if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('INCRBY', KEYS[i], ARGV[a + 1]) end
          elseif ARGV[a + 1] ~= '0' then
            redis.call('INCRBY', KEYS[i], ARGV[a + 1])
            if tonumber(redis.call('PTTL', KEYS[i])) < 0 then redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
          end
          a = a + 2
        end
        return 1
        """;

    /// <summary>The letter of a kind in the scripts.</summary>
    public static string Letter(BudgetKind kind) => kind switch
    {
        BudgetKind.Requests => "r",
        BudgetKind.Audio => "a",
        BudgetKind.Characters => "c",
        _ => "s",
    };
}
