using System.Security.Cryptography;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>
/// Something made from files, made anew when they have changed; the old one stays while the new files are wrong, such as half
/// written. Looked at when it is asked for, which is once a connection.
/// </summary>
internal sealed class ReloadingFiles<T>(Func<T> load, Action<Exception> failed, params string[] paths)
    where T : class
{
    private readonly Lock _lock = new();
    private DateTime[] _times = [];
    private T? _current;

    public T Current
    {
        get
        {
            lock (_lock)
            {
                var times = Array.ConvertAll(paths, File.GetLastWriteTimeUtc);
                if (_current is null || !times.SequenceEqual(_times))
                {
                    _times = times;
                    _current = Load();
                }

                return _current;
            }
        }
    }

    private T Load()
    {
        try
        {
            return load();
        }
        catch (Exception exception) when (_current is not null
            && exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            failed(exception);
            return _current!;
        }
    }
}
