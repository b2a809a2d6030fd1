using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>
/// The configuration of a file, read before the router listens and again whenever the file changes. A file that is wrong keeps the
/// router from starting; later on, the one in force stays.
/// </summary>
internal sealed class MeshConfigurationFile(
    IOptions<RouterOptions> options,
    IHostEnvironment environment,
    ConfigurationReader reader,
    TimeProvider time,
    ILogger<MeshConfigurationFile> logger) : BackgroundService, IMeshConfigurationSource, IStartupTask
{
    private volatile MeshConfiguration _current = MeshConfiguration.Empty;
    private byte[] _seen = [];
    private byte[] _doubted = [];
    private string? _path;
    private bool _isUnreadable;

    public event Action? Changed;

    public MeshConfiguration Current => _current;

    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ConfigurationPath is { Length: > 0 } given)
        {
            Start(Locate(given));
        }

        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_path is null)
        {
            return;
        }

        using var watch = new ConfigurationFileWatch(_path, time);
        try
        {
            // Before the watch stood, the file may have changed too.
            for (var settled = Reload(); ; settled = Reload())
            {
                await (settled ? watch.WaitAsync(stoppingToken) : watch.SettleAsync(stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The router ends.
        }
    }

    private string Locate(string given)
    {
        var here = Path.GetFullPath(given);
        return File.Exists(here) ? here : Path.GetFullPath(given, environment.ContentRootPath);
    }

    private void Start(string path)
    {
        try
        {
            _seen = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Router:ConfigurationPath: {exception.Message}");
        }

        var reading = reader.Read(_seen);
        if (reading.Errors.Count > 0)
        {
            throw new StartupException([.. reading.Errors.Select(error => $"{path}: {error}")]);
        }

        _path = path;
        Take(reading.Configuration);
        MeshConfigurationLog.Loaded(logger, path, _current.Routes.Count);
    }

    /// <returns>False when the file is to be read again soon, since what is wrong with it may only be that it is half written.</returns>
    private bool Reload()
    {
        if (TryRead() is not { } bytes || bytes.AsSpan().SequenceEqual(_seen))
        {
            return true;
        }

        var reading = reader.Read(bytes);
        if (reading.Errors.Count > 0 && !bytes.AsSpan().SequenceEqual(_doubted))
        {
            _doubted = bytes;
            return false;
        }

        _seen = bytes;
        if (reading.Errors.Count == 0)
        {
            Take(reading.Configuration);
            MeshConfigurationLog.Reloaded(logger, _path!, _current.Routes.Count);
            return true;
        }

        foreach (var error in reading.Errors)
        {
            MeshConfigurationLog.Wrong(logger, _path!, error);
        }

        MeshConfigurationLog.Kept(logger, _path!, reading.Errors.Count);
        return true;
    }

    private byte[]? TryRead()
    {
        try
        {
            var bytes = File.ReadAllBytes(_path!);
            _isUnreadable = false;
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_isUnreadable)
            {
                MeshConfigurationLog.Unreadable(logger, exception.Message);
            }

            _isUnreadable = true;
            return null;
        }
    }

    private void Take(MeshConfiguration configuration)
    {
        _current = configuration;
        Changed?.Invoke();
    }
}

internal static partial class MeshConfigurationLog
{
    [LoggerMessage(200, LogLevel.Information, "The configuration {Path} is in force; it has {RouteCount} routes")]
    public static partial void Loaded(ILogger logger, string path, int routeCount);

    [LoggerMessage(201, LogLevel.Information, "The configuration {Path} has changed and is in force; it has {RouteCount} routes")]
    public static partial void Reloaded(ILogger logger, string path, int routeCount);

    [LoggerMessage(202, LogLevel.Error, "{Path}: {Error}")]
    public static partial void Wrong(ILogger logger, string path, string error);

    [LoggerMessage(203, LogLevel.Error, "The configuration {Path} has changed and has {ErrorCount} errors; the one before it stays in force")]
    public static partial void Kept(ILogger logger, string path, int errorCount);

    [LoggerMessage(204, LogLevel.Warning, "The configuration cannot be read, the one before it stays in force: {Reason}")]
    public static partial void Unreadable(ILogger logger, string reason);
}
