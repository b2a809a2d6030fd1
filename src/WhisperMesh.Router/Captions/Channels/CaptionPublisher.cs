using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>Publishes the sessions that have a name for it.</summary>
internal sealed class CaptionPublisher(CaptionBoard board, IOptions<CaptionOptions> options, ILogger<CaptionPublisher> logger) : ILiveObserver
{
    // Callers choose ids, so two tenants may have the same.
    private readonly ConcurrentDictionary<(string TenantId, string SessionId), CaptionRun> _runs = new();

    /// <summary>The sessions that are published now.</summary>
    public IEnumerable<CaptionRun> Runs => _runs.Values;

    public void OnStarted(LiveSessionInfo session)
    {
        if (session.CaptionName.Length > 0 && !_runs.ContainsKey(Id(session)))
        {
            _runs[Id(session)] = new CaptionRun(session, board, options.Value, logger);
        }
    }

    public void OnEvent(LiveSessionInfo session, StreamLiveResponse message)
    {
        if (_runs.TryGetValue(Id(session), out var run))
        {
            run.Post(session, message);
        }
    }

    public void OnEnded(LiveSessionInfo session)
    {
        if (_runs.TryRemove(Id(session), out var run))
        {
            run.End(session);
        }
    }

    private static (string TenantId, string SessionId) Id(LiveSessionInfo session) => (session.TenantId, session.Id);
}
