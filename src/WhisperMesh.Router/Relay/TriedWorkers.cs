using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Relay;

/// <summary>The workers that have failed one request, and what they said.</summary>
internal sealed class TriedWorkers(IReadOnlySet<string> excluded)
{
    private static readonly TimeSpan DefaultFullWait = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _ids = [.. excluded];
    private TimeSpan? _fullFor;
    private MeshException? _unready;

    /// <summary>Workers that must not be asked any more.</summary>
    public IReadOnlySet<string> Ids => _ids;

    /// <summary>Tries that have failed.</summary>
    public int Count { get; private set; }

    /// <summary>How the last one failed; null: none has.</summary>
    public RelayFailure? Last { get; private set; }

    /// <summary>Whether the last one never took the request.</summary>
    public bool LastTookNothing { get; private set; }

    public void Add(FailedTry failed)
    {
        _ids.Add(failed.WorkerId);
        Count++;
        Last = failed.Failure;
        LastTookNothing = failed.Failure == RelayFailure.Refused;
        if (failed.Failure == RelayFailure.Full)
        {
            var wait = failed.Details.RetryAfter ?? DefaultFullWait;
            _fullFor = _fullFor is { } known && known < wait ? known : wait;
        }
        else if (failed.Failure == RelayFailure.Unready)
        {
            _unready ??= failed.Details.ToMeshException(failed.Error);
        }
    }

    /// <summary>What the caller is told when nobody is left.</summary>
    public MeshException Error() => _fullFor is { } wait ? RouterErrors.AllQueuesFull(wait) : _unready ?? RouterErrors.WorkersFailed();
}
