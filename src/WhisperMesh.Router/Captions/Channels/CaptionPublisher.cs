using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>Publishes the sessions that have a name for it.</summary>
internal sealed class CaptionPublisher(
    CaptionBoard board, IOptions<CaptionOptions> options, TimeProvider time, ILogger<CaptionPublisher> logger) : ILiveObserver
{
    // Redis is asked twice, for a second each at most.
    private static readonly TimeSpan BeginPatience = TimeSpan.FromSeconds(3);

    // Callers choose ids, so two tenants may have the same.
    private readonly ConcurrentDictionary<(string TenantId, string SessionId), CaptionRun> _runs = new();

    /// <summary>The sessions that are published now.</summary>
    public IEnumerable<CaptionRun> Runs => _runs.Values;

    /// <summary>Waits, where a session of this router has just begun to publish, until its channel is there. Not for long.</summary>
    public async Task WaitForBeginAsync(ChannelKey key, CancellationToken cancellationToken)
    {
        if (Runs.FirstOrDefault(run => run.Key == key) is { Begun.IsCompleted: false } run)
        {
            await run.Begun.WaitAsync(BeginPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

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
