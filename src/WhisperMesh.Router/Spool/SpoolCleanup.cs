namespace WhisperMesh.Router.Spool;

/// <summary>Removes, at start, what a killed router left in the spool folder.</summary>
internal sealed class SpoolCleanup(AudioSpool spool, ILogger<SpoolCleanup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(spool.Directory))
        {
            return Task.CompletedTask;
        }

        foreach (var path in Directory.EnumerateFiles(spool.Directory, "*" + AudioSpool.FileSuffix))
        {
            try
            {
                // A file that another router holds open loses only its name (Unix) or cannot be deleted (Windows).
                File.Delete(path);
                SpoolLog.StaleFileRemoved(logger, path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                SpoolLog.StaleFileKept(logger, path, e.Message);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static partial class SpoolLog
{
    [LoggerMessage(100, LogLevel.Information, "Removed a stale upload {Path}")]
    public static partial void StaleFileRemoved(ILogger logger, string path);

    [LoggerMessage(101, LogLevel.Warning, "Could not remove the stale upload {Path}: {Reason}")]
    public static partial void StaleFileKept(ILogger logger, string path, string reason);
}
