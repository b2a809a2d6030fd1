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
        // Before the watch stood, the file may have changed too.
        Reload();
        try
        {
            while (true)
            {
                await watch.WaitAsync(stoppingToken);
                Reload();
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

    private void Reload()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(_path!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_isUnreadable)
            {
                MeshConfigurationLog.Unreadable(logger, exception.Message);
            }

            _isUnreadable = true;
            return;
        }

        _isUnreadable = false;
        if (bytes.AsSpan().SequenceEqual(_seen))
        {
            return;
        }

        _seen = bytes;
        var reading = reader.Read(bytes);
        foreach (var error in reading.Errors)
        {
            MeshConfigurationLog.Wrong(logger, _path!, error);
        }

        if (reading.Errors.Count > 0)
        {
            MeshConfigurationLog.Kept(logger, _path!, reading.Errors.Count);
            return;
        }

        Take(reading.Configuration);
        MeshConfigurationLog.Reloaded(logger, _path!, _current.Routes.Count);
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
