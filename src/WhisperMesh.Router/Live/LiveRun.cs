using WhisperMesh.Router.Relay;

namespace WhisperMesh.Router.Live;

/// <summary>How the search for a session's workers stands. Used by its relay only.</summary>
internal sealed class LiveRun(long told, long now)
{
    private static readonly HashSet<string> Nobody = [];

    private long _told = told;

    /// <summary>Workers that are not asked now.</summary>
    public TriedWorkers Tried { get; private set; } = new(Nobody);

    /// <summary>Whether a worker has ever taken the stream.</summary>
    public bool Serving { get; set; }

    /// <summary>Whether the one that was tried last took it.</summary>
    public bool Took { get; set; }

    /// <summary>Workers that were lost in a row without a new word.</summary>
    public int Deaths { get; set; }

    /// <summary>Timestamp since which there is no worker.</summary>
    public long LostAt { get; private set; } = now;

    public void OnLost(FailedTry failed, long told, long now)
    {
        Tried = new TriedWorkers(Nobody);
        Tried.Add(failed);
        LostAt = now;
        Deaths = told > _told ? 1 : Deaths + 1;
        _told = told;
    }

    public void ForgetTried() => Tried = new TriedWorkers(Nobody);
}
