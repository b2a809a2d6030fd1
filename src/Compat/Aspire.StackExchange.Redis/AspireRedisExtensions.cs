using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

// The official package's namespace.
namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Redis client.</summary>
public static class AspireRedisExtensions
{
    private const string DefaultSection = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Registers a singleton <see cref="IConnectionMultiplexer"/>, connected when it is first asked for, and a health check.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="connectionName">Name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after the configuration is read.</param>
    /// <param name="configureOptions">Changes the options that the connection string gave.</param>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = new StackExchangeRedisSettings();
        builder.Configuration.GetSection(DefaultSection).Bind(settings);
        builder.Configuration.GetSection($"{DefaultSection}:{connectionName}").Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = ParseOptions(settings, connectionName);
            configureOptions?.Invoke(options);
            options.LoggerFactory ??= services.GetService<ILoggerFactory>();
            return ConnectionMultiplexer.Connect(options);
        });

        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("StackExchange.Redis");
        }
    }

    private static ConfigurationOptions ParseOptions(StackExchangeRedisSettings settings, string connectionName) =>
        string.IsNullOrEmpty(settings.ConnectionString)
            ? throw new InvalidOperationException(
                $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the " +
                $"'ConnectionString' key in '{DefaultSection}' or '{DefaultSection}:{connectionName}' configuration section.")
            : ConfigurationOptions.Parse(settings.ConnectionString);
}
