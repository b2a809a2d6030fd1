using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Picks a worker that can serve a request, by the route's policy, and counts what is in flight at each.</summary>
internal sealed class WorkerPool(
    DeclaredWorkers declared,
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
    private IReadOnlyList<WorkerLease>? _synchronized;
    private double _turn;
    private bool _serves;

    /// <summary>Raised after a request has left a worker.</summary>
    public event Action? Freed;

    /// <summary>Picks a worker: of the first pool that has one to offer, and where all of them look ill, an ill one.</summary>
    /// <param name="requirements">What it must have.</param>
    /// <param name="plan">By which route the request goes.</param>
    /// <param name="tried">Workers that failed this request already.</param>
    /// <returns>The worker, or null when only workers in <paramref name="tried"/> can serve the request.</returns>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public WorkerHold? Pick(WorkerRequirements requirements, RoutePlan plan, IReadOnlySet<string> tried)
    {
        var workers = declared.Workers;
        MeshException? failure = null;
        var canServe = false;
        var ill = new List<WorkerCandidate>();
        lock (_gate)
        {
            Synchronize(workers);
            for (var i = 0; i < plan.Pools.Count; i++)
            {
                if (!TryMatch(workers, requirements, plan, plan.Pools[i], out var matches, out var why))
                {
                    failure ??= why;
                    continue;
                }

                canServe = true;
                var open = OpenOf(matches, tried);
                PoolHealth.CompareSpeeds(open);
                var fit = open.Where(candidate => candidate.State.Health.IsAvailable).ToList();
                if (fit.Count > 0)
                {
                    var chosen = Choose(fit, plan);
                    return Hold(chosen, SelectionReason.Of(chosen, fit.Count, i, plan, requirements), plan.Work);
                }

                ill = ill.Count > 0 ? ill : open;
            }

            return ill.Count > 0 ? Hold(Choose(ill, plan), SelectionReason.Panic, plan.Work) : canServe ? null : throw failure!;
        }
    }

    /// <summary>What the workers that <see cref="Pick"/> would choose among take now, and how fast they are.</summary>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public WorkerRoom Room(WorkerRequirements requirements, RoutePlan plan, IReadOnlySet<string> tried, double ahead)
    {
        var workers = declared.Workers;
        MeshException? failure = null;
        var ill = new List<WorkerCandidate>();
        lock (_gate)
        {
            Synchronize(workers);
            foreach (var pool in plan.Pools)
            {
                if (!TryMatch(workers, requirements, plan, pool, out var matches, out var why))
                {
                    failure ??= why;
                    continue;
                }

                var open = OpenOf(matches, tried);
                var fit = open.FindAll(candidate => candidate.State.Health.IsAvailable);
                if (fit.Count > 0)
                {
                    return WorkerRoom.Of(fit, plan, ahead);
                }

                ill = ill.Count > 0 ? ill : open;
            }

            return ill.Count > 0 || failure is null ? WorkerRoom.Of(ill, plan, ahead) : throw failure;
        }
    }

    /// <summary>Limits of the workers now, by id.</summary>
    public IReadOnlyList<(string WorkerId, int Limit)> Limits()
    {
        lock (_gate)
        {
            return [.. _states.Values.Select(state => (state.Lease.WorkerId, state.Limit))];
        }
    }

    /// <summary>Who may be picked now, of the first of the plan's pools that has anyone.</summary>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public IReadOnlyList<WorkerMatch> Candidates(WorkerRequirements requirements, RoutePlan plan)
    {
        var workers = declared.Workers;
        MeshException? failure = null;
        foreach (var pool in plan.Pools)
        {
            if (TryMatch(workers, requirements, plan, pool, out var matches, out var why))
            {
                return matches;
            }

            failure ??= why;
        }

        throw failure!;
    }

    /// <summary>Throws what <see cref="Pick"/> would throw, and picks nobody.</summary>
    public void Check(WorkerRequirements requirements, RoutePlan plan) => Candidates(requirements, plan);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var state in _states.Values)
            {
                state.Connection?.Dispose();
            }

            _states.Clear();
            _synchronized = null;
        }
    }

    internal int Report(WorkerState state, RunningWork running, WorkerOutcome outcome)
    {
        lock (_gate)
        {
            running.Outcome = outcome.Kind;
            var wasOpen = state.Health.IsOpen;
            state.Health.On(outcome, PoolHealth.MayEject(state, _states.Values, options.Value.Health));
            return !wasOpen && state.Health.IsOpen ? PoolHealth.Displaced(state) : 0;
        }
    }

    /// <summary>Workers that should be asked for their health now: used before, and either quiet or about to come back.</summary>
    internal IReadOnlyList<(WorkerState State, IWorkerConnection Connection)> ProbesDue()
    {
        lock (_gate)
        {
            Synchronize(declared.Workers);
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
            state.Health.OnProbe(serving, PoolHealth.MayEject(state, _states.Values, options.Value.Health));
        }
    }

    internal void Release(WorkerState state, RunningWork running, bool probing)
    {
        lock (_gate)
        {
            if (probing)
            {
                state.Health.EndProbe();
            }

            state.Leave(running);
            CloseIfGone(state);
        }

        Freed?.Invoke();
    }

    private List<WorkerCandidate> OpenOf(IReadOnlyList<WorkerMatch> matches, IReadOnlySet<string> tried) =>
    [
        .. matches
            .Where(match => !tried.Contains(match.Worker.WorkerId))
            .Select(match => new WorkerCandidate(_states[match.Worker.WorkerId], match)),
    ];

    private WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, RoutePlan plan)
    {
        var best = CandidateRank.Best(candidates);
        return best.Count == 1 ? best[0] : _policies[plan.Policy].Choose(best, new SelectionContext(plan.Session, plan.LatencyBuffer));
    }

    private bool TryMatch(
        IReadOnlyList<WorkerLease> workers,
        WorkerRequirements requirements,
        RoutePlan plan,
        RoutePool pool,
        out IReadOnlyList<WorkerMatch> matches,
        [NotNullWhen(false)] out MeshException? failure)
    {
        var members = workers.Where(worker => PoolMembers.Has(pool, plan, worker)).ToList();
        if (members.Count == 0 && pool != RoutePool.Any)
        {
            (matches, failure) = ([], PoolMembers.WhyEmpty(pool, plan));
            return false;
        }

        var serving = members.Where(worker => worker.Load is not { Draining: true }).ToList();
        if (WorkerMatcher.TryMatch(serving, requirements, pool, out matches, out failure))
        {
            return true;
        }

        // A draining worker may know the model: then what is missing is a worker, not the model.
        if (serving.Count < members.Count && WorkerMatcher.TryMatch(members, requirements, pool, out _, out failure))
        {
            failure = RouterErrors.NoWorker(requirements.Kind);
        }

        var model = pool.Model ?? requirements.Model;
        if (failure!.Reason == ErrorReasons.ModelNotFound && IsKnown(requirements.Kind, model))
        {
            failure = RouterErrors.ModelGone(model);
        }

        return false;
    }

    // A model that is configured has workers at times, unless it is one of the other kind.
    private bool IsKnown(ModelKind kind, string model) =>
        known.IsKnown(kind, model)
        || (declared.Lists(model) && Enum.GetValues<ModelKind>().All(other => other == kind || !known.IsKnown(other, model)));

    private WorkerHold Hold(WorkerCandidate candidate, string reason, PredictedWork? work)
    {
        var state = candidate.State;
        // Whoever was left out for a while is not owed the turns that it missed.
        _turn = Math.Max(_turn, state.LastPick);
        state.LastPick = _turn + (1 / state.Health.Share);
        var probing = state.Health.BeginTry();
        state.Connection ??= Open(state.Lease);
        var running = state.Enter(candidate.Match.Model.Model.Id, work);
        work?.OnChosen();
        return new WorkerHold(this, state, running, state.Connection, reason, probing);
    }

    private IWorkerConnection Open(WorkerLease lease) => _connections.First(factory => factory.Serves(lease)).Open(lease);

    private void Synchronize(IReadOnlyList<WorkerLease> workers)
    {
        // Snapshots are replaced, never changed.
        if (ReferenceEquals(workers, _synchronized))
        {
            return;
        }

        _synchronized = workers;
        foreach (var worker in workers)
        {
            if (_states.TryGetValue(worker.WorkerId, out var state))
            {
                state.Renew(worker);
            }
            else
            {
                _states.Add(worker.WorkerId, new WorkerState(worker, new WorkerHealth(options.Value, time, isNew: _serves), time));
            }
        }

        _serves |= workers.Count > 0;
        var present = workers.Select(worker => worker.WorkerId).ToHashSet(StringComparer.Ordinal);
        foreach (var state in _states.Values.Where(state => !present.Contains(state.Lease.WorkerId)).ToList())
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
