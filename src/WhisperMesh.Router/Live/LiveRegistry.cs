using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Live;

/// <summary>The sessions of this router: those that run, and for a while those that are over, whose end may not have arrived.</summary>
internal sealed class LiveRegistry(IOptions<LiveOptions> options)
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string Tenant, string Id)> _opening = [];
    private readonly Dictionary<string, LiveSession> _byToken = [];
    private readonly HashSet<LiveSession> _all = [];

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
            if (_opening.Count + _all.Count(session => !session.IsOver) >= options.Value.MaxSessions)
            {
                throw LiveErrors.TooMany(options.Value.MaxSessions);
            }

            return !_byToken.Values.Any(session => !session.IsOver && Key(session.Request) == Key(request)) && _opening.Add(Key(request))
                ? new LivePlace(this, request)
                : throw LiveErrors.IdTaken(request.Id);
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

    /// <summary>The session of an id that runs here without its client; null where there is none.</summary>
    public LiveSession? FindWaiting(string tenantId, string id)
    {
        lock (_lock)
        {
            return _byToken.Values.FirstOrDefault(
                session => !session.IsOver && !session.Info.Connected && Key(session.Request) == (tenantId, id));
        }
    }

    /// <summary>Nobody can come back to it any more; its client may begin a new one of the same id.</summary>
    public void Leave(LiveSession session)
    {
        lock (_lock)
        {
            _byToken.Remove(session.Token.Key);
        }
    }

    /// <summary>It is over, and its end has been read.</summary>
    public void Forget(LiveSession session)
    {
        lock (_lock)
        {
            _byToken.Remove(session.Token.Key);
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
    }

    internal void Free(LiveRequest request)
    {
        lock (_lock)
        {
            _opening.Remove(Key(request));
        }
    }

    private static (string, string) Key(LiveRequest request) => (request.TenantId, request.Id);
}

/// <summary>A place that is kept for a session while it is opened.</summary>
internal sealed class LivePlace(LiveRegistry registry, LiveRequest request) : IDisposable
{
    public void Take(LiveSession session) => registry.Add(session);

    public void Dispose() => registry.Free(request);
}
