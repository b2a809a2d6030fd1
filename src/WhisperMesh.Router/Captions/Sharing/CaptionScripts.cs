namespace WhisperMesh.Router.Captions.Sharing;

/// <summary>What happens in Redis in one step; commands that Redis, Valkey and Garnet have in common.</summary>
internal static class CaptionScripts
{
    /// <summary>Stands for an owner that gave the right up: one who lost it before finds out, however late it asks.</summary>
    public const string Nobody = "-";

    /// <summary>Keys: owner. Arguments: claimant, how claimants of the same session begin, milliseconds. Gives the owner.</summary>
    public const string Claim = """
        local owner = redis.call('GET', KEYS[1])
        if owner and owner ~= '-' and string.sub(owner, 1, #ARGV[2]) ~= ARGV[2] then return owner end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
        return ARGV[1]
        """;

    /// <summary>Keys: owner. Arguments: claimant, milliseconds. Gives the owner; takes the right where nobody has it.</summary>
    public const string Renew = """
        local owner = redis.call('GET', KEYS[1])
        if owner and owner ~= ARGV[1] then return owner end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return ARGV[1]
        """;

    /// <summary>Keys: owner. Arguments: claimant, milliseconds.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '-', 'PX', ARGV[2]) end
        return 0
        """;
}
