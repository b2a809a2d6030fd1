namespace WhisperMesh.Router.Cache.Flights;

/// <summary>The headers of a request for work that may outlive it: afterwards they belong to the server again, and are not read.</summary>
internal sealed class LentHeaders(Func<string, string?> headers) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _returned;

    public string? Get(string name)
    {
        lock (_gate)
        {
            return _returned ? null : headers(name);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _returned = true;
        }
    }
}
