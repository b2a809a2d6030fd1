using System.Threading.Channels;

namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>
/// Says when a file may have changed: at once where the system tells, and on a slow beat, because it does not tell of everything, such
/// as of a network folder. The whole folder is watched, as editors put a new file in the old one's place, and Kubernetes a new link.
/// </summary>
internal sealed class ConfigurationFileWatch : IDisposable
{
    /// <summary>How often the file is looked at without having been told.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    // An editor writes in several steps.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly FileSystemWatcher? _watcher;
    private readonly ITimer _beat;
    private readonly TimeProvider _time;

    public ConfigurationFileWatch(string path, TimeProvider time)
    {
        _time = time;
        _beat = time.CreateTimer(_ => Signal(), null, Beat, Beat);
        try
        {
            _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!);
            _watcher.Changed += (_, _) => Signal();
            _watcher.Created += (_, _) => Signal();
            _watcher.Renamed += (_, _) => Signal();
            _watcher.Error += (_, _) => Signal();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // No more watches to be had, or no such folder any more: the beat does it alone.
        }
    }

    /// <summary>Waits until the file is worth a look.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _signals.Reader.ReadAsync(cancellationToken);
        await SettleAsync(cancellationToken);
        _signals.Reader.TryRead(out _);
    }

    /// <summary>Waits as long as whoever writes a file may take between two steps.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => Task.Delay(Settling, _time, cancellationToken);

    public void Dispose()
    {
        _watcher?.Dispose();
        _beat.Dispose();
    }

    private void Signal() => _signals.Writer.TryWrite(true);
}
