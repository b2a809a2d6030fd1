using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Live;

/// <summary>The sessions of this router: those that run, and for a while those that are over, whose end may not have arrived.</summary>
internal sealed class LiveRegistry(IOptions<LiveOptions> options)
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string Tenant, string Id)> _ids = [];
    private readonly Dictionary<string, LiveSession> _byToken = [];
    private readonly HashSet<LiveSession> _all = [];
    private int _places;

    /// <summary>The sessions that run.</summary>
    public IReadOnlyList<LiveSessionInfo> Running => [.. All.Where(session => !session.IsOver).Select(session => session.Info)];

    public IReadOnlyList<LiveSession> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Takes a place and an id for a session that is to be opened.</summary>
    /// <exception cref="MeshException">There is none.</exception>
    public LivePlace Reserve(LiveRequest request)
    {
        lock (_lock)
        {
            if (_places >= options.Value.MaxSessions)
            {
                throw LiveErrors.TooMany(options.Value.MaxSessions);
            }

            if (!_ids.Add((request.TenantId, request.Id)))
            {
                throw LiveErrors.IdTaken(request.Id);
            }

            _places++;
            return new LivePlace(this, request);
        }
    }

    /// <summary>The session of a token; null where there is none, or another tenant's.</summary>
    public LiveSession? Find(string token, string tenantId)
    {
        lock (_lock)
        {
            return _byToken.TryGetValue(LiveToken.KeyOf(token), out var session)
                && session.Token.Matches(token)
                && session.Request.TenantId == tenantId
                ? session
                : null;
        }
    }

    /// <summary>Nobody can come back to it any more; its client may begin a new one of the same id.</summary>
    public void Leave(LiveSession session)
    {
        lock (_lock)
        {
            if (_byToken.Remove(session.Token.Key))
            {
                _ids.Remove((session.Request.TenantId, session.Request.Id));
            }
        }
    }

    /// <summary>It is over, and its end has been read.</summary>
    public void Forget(LiveSession session)
    {
        Leave(session);
        lock (_lock)
        {
            _all.Remove(session);
        }

        session.Dispose();
    }

    internal void Add(LiveSession session)
    {
        lock (_lock)
        {
            _all.Add(session);
            _byToken.Add(session.Token.Key, session);
        }

        _ = FreeAsync(session);
    }

    internal void Free(LiveRequest request, bool withId)
    {
        lock (_lock)
        {
            _places--;
            if (withId)
            {
                _ids.Remove((request.TenantId, request.Id));
            }
        }
    }

    // A session that is over takes no place, though it can still be read, and its id is free again.
    private async Task FreeAsync(LiveSession session)
    {
        await session.Run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var waits = false;
        lock (_lock)
        {
            waits = _byToken.ContainsKey(session.Token.Key);
        }

        Free(session.Request, withId: waits);
    }
}

/// <summary>A place that was reserved; free again unless a session takes it.</summary>
internal sealed class LivePlace(LiveRegistry registry, LiveRequest request) : IDisposable
{
    private bool _taken;

    public void Take(LiveSession session)
    {
        _taken = true;
        registry.Add(session);
    }

    public void Dispose()
    {
        if (!_taken)
        {
            registry.Free(request, withId: true);
        }
    }
}
