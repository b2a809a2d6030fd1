using Microsoft.Extensions.Options;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Picks a worker that can serve a request, by the route's policy, and counts what is in flight at each.</summary>
internal sealed class WorkerPool(
    IWorkerDirectory directory,
    KnownModels known,
    IEnumerable<IWorkerConnectionFactory> connections,
    IEnumerable<IWorkerSelectionPolicy> policies,
    IOptions<RouterOptions> options,
    TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WorkerState> _states = [];
    private readonly IWorkerConnectionFactory[] _connections = [.. connections];
    private readonly Dictionary<string, IWorkerSelectionPolicy> _policies = policies.ToDictionary(policy => policy.Name);
    private long _picks;

    /// <summary>Picks a worker.</summary>
    /// <param name="requirements">What it must have.</param>
    /// <param name="plan">By which route the request goes.</param>
    /// <param name="tried">Workers that failed this request already.</param>
    /// <returns>The worker, or null when only workers in <paramref name="tried"/> can serve the request.</returns>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public WorkerHold? Pick(WorkerRequirements requirements, RoutePlan plan, IReadOnlySet<string> tried)
    {
        var workers = directory.Workers;
        var matches = Match(workers, requirements);
        lock (_gate)
        {
            Synchronize(workers);
            var open = matches
                .Where(match => !tried.Contains(match.Worker.WorkerId))
                .Select(match => new WorkerCandidate(_states[match.Worker.WorkerId], match))
                .ToList();
            var fit = open.Where(candidate => candidate.State.Health.IsAvailable).ToList();
            var policy = _policies[plan.Policy];
            var context = new SelectionContext(plan.Session);
            return fit.Count > 0 ? Hold(policy.Choose(fit, context), fit.Count == 1 ? "only" : policy.Name)
                : open.Count > 0 ? Hold(policy.Choose(open, context), "paused-but-no-other")
                : null;
        }
    }

    /// <summary>Who may be picked now, of the first of the plan's pools that has anyone.</summary>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public IReadOnlyList<WorkerMatch> Candidates(WorkerRequirements requirements, RoutePlan plan) =>
        Match(directory.Workers, requirements);

    /// <summary>Throws what <see cref="Pick"/> would throw, and picks nobody.</summary>
    public void Check(WorkerRequirements requirements) => Match(directory.Workers, requirements);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var state in _states.Values)
            {
                state.Connection?.Dispose();
            }

            _states.Clear();
        }
    }

    internal void Report(WorkerState state, WorkerOutcome outcome)
    {
        lock (_gate)
        {
            state.Health.On(outcome);
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

    private WorkerHold Hold(WorkerCandidate candidate, string reason)
    {
        var state = candidate.State;
        state.LastPick = ++_picks;
        state.InFlight++;
        state.Connection ??= Open(state.Lease);
        return new WorkerHold(this, state, candidate.Match.Model.Model.Id, state.Connection, reason);
    }

    private IWorkerConnection Open(WorkerLease lease) => _connections.First(factory => factory.Serves(lease)).Open(lease);

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
                _states.Add(worker.WorkerId, new WorkerState(worker, new WorkerHealth(options.Value, time)));
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
            state.Connection?.Dispose();
            _states.Remove(state.Lease.WorkerId);
        }
    }
}
