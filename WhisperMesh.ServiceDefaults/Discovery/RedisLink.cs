using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>
/// Waits for Redis and watches the connection. Everything that uses Redis in the background goes through it; a request never
/// waits for it.
/// </summary>
internal sealed partial class RedisLink(
    IServiceProvider services, IConfiguration configuration, TimeProvider timeProvider, ILogger<RedisLink> logger) : BackgroundService
{
    public const string ConnectionName = "redis";

    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource<IConnectionMultiplexer> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TimeSpan? _connectedSince;
    private volatile IConnectionMultiplexer? _connection;
    private ConnectionFailureType _lastFailure = ConnectionFailureType.UnableToConnect;

    /// <summary>Raised when a lost connection is back. Redis may have forgotten everything.</summary>
    public event Action? Restored;

    public bool IsConfigured { get; } = !string.IsNullOrEmpty(configuration.GetConnectionString(ConnectionName));

    public bool WasConnected => _connected.Task.IsCompletedSuccessfully;

    /// <summary>Since when the connection has stood without a break, on the clock of <see cref="Monotonic"/>; null while it is down.</summary>
    public TimeSpan? ConnectedSince
    {
        get
        {
            lock (_lock)
            {
                return _connectedSince;
            }
        }
    }

    /// <summary>Time since some moment of the machine's own, which no setting of clocks changes.</summary>
    public static TimeSpan Monotonic(TimeProvider timeProvider) => timeProvider.GetElapsedTime(0);

    /// <summary>The connection while it stands; null while Redis is not there. For requests, which never wait for it.</summary>
    public IConnectionMultiplexer? Connection => ConnectedSince is null ? null : _connection;

    public Task<IConnectionMultiplexer> WaitAsync(CancellationToken cancellationToken) => _connected.Task.WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsConfigured)
        {
            LogNotConfigured(logger);
            return;
        }

        // Asked for here, not injected: making the multiplexer tries to connect and would block the start.
        var connection = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken);
        connection.ConnectionFailed += (_, failure) => OnFailed(failure);
        connection.ConnectionRestored += (_, restored) => OnRestored(restored);
        var endpoints = string.Join(", ", connection.GetEndPoints().Select(ToText));
        while (!connection.IsConnected)
        {
            LogWaiting(logger, endpoints, _lastFailure);
            // An answer ends the wait early, the first time; a connection that comes and goes is looked at on the beat.
            var beat = Task.Delay(ReminderInterval, timeProvider, stoppingToken);
            await (_answered.Task.IsCompleted ? beat : Task.WhenAny(_answered.Task, beat));
            stoppingToken.ThrowIfCancellationRequested();
        }

        _connection = connection;
        SetConnected(Monotonic(timeProvider));
        LogConnected(logger, endpoints);
        _connected.TrySetResult(connection);
    }

    private void OnFailed(ConnectionFailedEventArgs failure)
    {
        if (failure.ConnectionType != ConnectionType.Interactive)
        {
            return;
        }

        _lastFailure = failure.FailureType;
        if (SetConnected(null) is not null)
        {
            LogLost(logger, failure.FailureType);
        }
    }

    private void OnRestored(ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType != ConnectionType.Interactive)
        {
            return;
        }

        SetConnected(Monotonic(timeProvider));
        _answered.TrySetResult();
        if (WasConnected)
        {
            LogRestored(logger);
            Restored?.Invoke();
        }
    }

    private TimeSpan? SetConnected(TimeSpan? since)
    {
        lock (_lock)
        {
            (var before, _connectedSince) = (_connectedSince, since);
            return before;
        }
    }

    private static string ToText(EndPoint endPoint) =>
        endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint.ToString()!;

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning,
        Message = "No ConnectionStrings:redis: this process neither announces itself to others nor learns of them")]
    private static partial void LogNotConfigured(ILogger logger);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "Waiting for Redis at {Endpoints} ({FailureType})")]
    private static partial void LogWaiting(ILogger logger, string endpoints, ConnectionFailureType failureType);

    [LoggerMessage(EventId = 122, Level = LogLevel.Information, Message = "Connected to Redis at {Endpoints}")]
    private static partial void LogConnected(ILogger logger, string endpoints);

    [LoggerMessage(EventId = 123, Level = LogLevel.Warning, Message = "Lost Redis ({FailureType}); requests go on, connecting again")]
    private static partial void LogLost(ILogger logger, ConnectionFailureType failureType);

    [LoggerMessage(EventId = 124, Level = LogLevel.Information, Message = "Redis is back")]
    private static partial void LogRestored(ILogger logger);
}
