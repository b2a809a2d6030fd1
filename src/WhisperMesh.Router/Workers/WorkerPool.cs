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
    private double _turn;
    private bool _serves;

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
            CompareSpeeds(open);
            var fit = open.Where(candidate => candidate.State.Health.IsAvailable).ToList();
            var policy = _policies[plan.Policy];
            var context = new SelectionContext(plan.Session);
            return fit.Count > 0 ? Hold(policy.Choose(fit, context), fit.Count == 1 ? "only" : policy.Name)
                : open.Count > 0 ? Hold(policy.Choose(open, context), "paused-but-no-other")
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
                state.Connection?.Dispose();
            }

            _states.Clear();
        }
    }

    internal void Report(WorkerState state, WorkerOutcome outcome)
    {
        lock (_gate)
        {
            state.Health.On(outcome, MayEject(state));
        }
    }

    /// <summary>Workers that should be asked for their health now: used before, and either quiet or about to come back.</summary>
    internal IReadOnlyList<(WorkerState State, IWorkerConnection Connection)> ProbesDue()
    {
        lock (_gate)
        {
            Synchronize(directory.Workers);
            return
            [
                .. _states.Values
                    .Where(state => state is { InFlight: 0, Connection: not null } && state.Health.IsProbeDue)
                    // Others' servers are left alone unless something is wrong with them.
                    .Where(state => state.Lease.Address.StartsWith("http", StringComparison.Ordinal) || state.Health.IsEjected)
                    .Select(state => (state, state.Connection!)),
            ];
        }
    }

    internal void ReportProbe(WorkerState state, bool serving)
    {
        lock (_gate)
        {
            state.Health.OnProbe(serving, MayEject(state));
        }
    }

    internal void Release(WorkerState state, bool probing)
    {
        lock (_gate)
        {
            if (probing)
            {
                state.Health.EndProbe();
            }

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

    private static void CompareSpeeds(List<WorkerCandidate> candidates)
    {
        var fastest = candidates.Min(candidate => candidate.State.Health.NormalizedLatency);
        foreach (var candidate in candidates)
        {
            candidate.State.Health.FastestLatency = fastest;
        }
    }

    private WorkerHold Hold(WorkerCandidate candidate, string reason)
    {
        var state = candidate.State;
        // Whoever was left out for a while is not owed the turns that it missed.
        _turn = Math.Max(_turn, state.LastPick);
        state.LastPick = _turn + (1 / state.Health.Share);
        state.InFlight++;
        var probing = state.Health.BeginTry();
        state.Connection ??= Open(state.Lease);
        return new WorkerHold(this, state, candidate.Match.Model.Model.Id, state.Connection, reason, probing);
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
                _states.Add(worker.WorkerId, new WorkerState(worker, new WorkerHealth(options.Value, time, isNew: _serves)));
            }
        }

        _serves |= workers.Count > 0;
        foreach (var state in _states.Values.Where(state => workers.All(worker => worker.WorkerId != state.Lease.WorkerId)).ToList())
        {
            state.Gone = true;
            CloseIfGone(state);
        }
    }

    /// <summary>Whether enough workers of its models would be left.</summary>
    private bool MayEject(WorkerState state)
    {
        var models = state.Lease.Capabilities.Models.Select(model => model.Model.Id).ToHashSet();
        var pool = _states.Values
            .Where(other => !other.Gone && other.Lease.Capabilities.Models.Any(model => models.Contains(model.Model.Id)))
            .ToList();
        var others = pool.Count(other => other != state && other.Health.IsEjected);
        return others + 1 <= Math.Floor(pool.Count * options.Value.Health.MaxEjectedShare);
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
