using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Picks the least loaded worker that can serve a request, and counts what is in flight at each.</summary>
internal sealed class WorkerPool(
    IWorkerDirectory directory, KnownModels known, WorkerChannels channels, IOptions<RouterOptions> options, TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WorkerState> _states = [];
    private long _picks;

    /// <summary>Picks a worker; the least loaded first, equals in turn.</summary>
    /// <param name="requirements">What it must have.</param>
    /// <param name="tried">Workers that failed this request already.</param>
    /// <returns>The worker, or null when only workers in <paramref name="tried"/> can serve the request.</returns>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public WorkerHold? Pick(WorkerRequirements requirements, IReadOnlySet<string> tried)
    {
        var workers = directory.Workers;
        var matches = Match(workers, requirements);
        lock (_gate)
        {
            Synchronize(workers);
            var open = matches.Where(match => !tried.Contains(match.Worker.WorkerId)).ToList();
            var fit = open.Where(match => !IsPaused(match)).ToList();
            return fit.Count > 0 ? Hold(Best(fit), fit.Count == 1 ? "only" : "least-loaded")
                : open.Count > 0 ? Hold(Best(open), "paused-but-no-other")
                : null;
        }
    }

    /// <summary>Throws what <see cref="Pick"/> would throw, and picks nobody.</summary>
    public void Check(WorkerRequirements requirements) => Match(directory.Workers, requirements);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var state in _states.Values)
            {
                state.Channel?.Dispose();
            }

            _states.Clear();
        }
    }

    internal void Pause(WorkerState state)
    {
        lock (_gate)
        {
            state.PausedUntil = time.GetTimestamp() + (long)(options.Value.FailedWorkerPause.TotalSeconds * time.TimestampFrequency);
        }
    }

    internal void Release(WorkerState state)
    {
        lock (_gate)
        {
            state.InFlight--;
            CloseIfGone(state);
        }
    }

    private IReadOnlyList<WorkerMatch> Match(IReadOnlyList<WorkerLease> workers, WorkerRequirements requirements)
    {
        var serving = workers.Where(worker => worker.Load is not { Draining: true }).ToList();
        try
        {
            return MatchAny(serving, requirements);
        }
        catch (MeshException) when (serving.Count < workers.Count)
        {
            // A draining worker may know the model: then what is missing is a worker, not the model.
            MatchAny(workers, requirements);
            throw RouterErrors.NoWorker(requirements.Kind);
        }
    }

    private IReadOnlyList<WorkerMatch> MatchAny(IReadOnlyList<WorkerLease> workers, WorkerRequirements requirements)
    {
        try
        {
            return WorkerMatcher.Match(workers, requirements);
        }
        catch (MeshException e) when (e.Reason == ErrorReasons.ModelNotFound && known.IsKnown(requirements.Kind, requirements.Model))
        {
            throw RouterErrors.ModelGone(requirements.Model);
        }
    }

    private WorkerMatch Best(List<WorkerMatch> matches) =>
        matches.MinBy(match => (_states[match.Worker.WorkerId].Load, _states[match.Worker.WorkerId].LastPick));

    private bool IsPaused(WorkerMatch match) => _states[match.Worker.WorkerId].PausedUntil > time.GetTimestamp();

    private WorkerHold Hold(WorkerMatch match, string reason)
    {
        var state = _states[match.Worker.WorkerId];
        state.LastPick = ++_picks;
        state.InFlight++;
        state.Channel ??= channels.Open(state.Lease.Address);
        return new WorkerHold(this, state, match.Model.Model.Id, state.Channel, reason);
    }

    private void Synchronize(IReadOnlyList<WorkerLease> workers)
    {
        foreach (var worker in workers)
        {
            if (_states.TryGetValue(worker.WorkerId, out var state))
            {
                state.Renew(worker);
            }
            else
            {
                _states.Add(worker.WorkerId, new WorkerState(worker));
            }
        }

        foreach (var state in _states.Values.Where(state => workers.All(worker => worker.WorkerId != state.Lease.WorkerId)).ToList())
        {
            state.Gone = true;
            CloseIfGone(state);
        }
    }

    private void CloseIfGone(WorkerState state)
    {
        if (state is { Gone: true, InFlight: 0 })
        {
            state.Channel?.Dispose();
            _states.Remove(state.Lease.WorkerId);
        }
    }
}
