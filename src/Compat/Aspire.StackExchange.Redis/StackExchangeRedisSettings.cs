namespace Aspire.StackExchange.Redis;

/// <summary>Settings of the Redis client.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>Connection string in StackExchange.Redis form.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether the health check is left out.</summary>
    public bool DisableHealthChecks { get; set; }
}
