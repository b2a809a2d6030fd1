using Microsoft.Extensions.Options;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Picks a worker that can serve a request, by the route's policy, and counts what is in flight at each.</summary>
internal sealed class WorkerPool(
    DeclaredWorkers declared,
    PoolMatcher matcher,
    IEnumerable<IWorkerConnectionFactory> connections,
    IEnumerable<IWorkerSelectionPolicy> policies,
    IOptions<RouterOptions> options,
    TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly WorkerStates _states = new(options.Value, time);
    private readonly IWorkerConnectionFactory[] _connections = [.. connections];
    private readonly Dictionary<string, IWorkerSelectionPolicy> _policies = policies.ToDictionary(policy => policy.Name);
    private double _turn;

    /// <summary>Raised after a request has left a worker.</summary>
    public event Action? Freed;

    /// <summary>Raised when a failure leaves a worker out for a moment. The pool's lock is held.</summary>
    public event Action? CircuitOpened;

    /// <summary>Raised when many failures leave a worker out for longer. The pool's lock is held.</summary>
    public event Action? WorkerEjected;

    /// <summary>Picks a worker: of the first pool that has one to offer, and where all of them look ill, an ill one.</summary>
    /// <param name="requirements">What it must have.</param>
    /// <param name="plan">By which route the request goes.</param>
    /// <param name="tried">Workers that failed this request already.</param>
    /// <param name="journey">Notes who was there and why each was not taken; null: nobody does.</param>
    /// <param name="purpose">What the worker is sought for.</param>
    /// <returns>The worker, or null when only workers in <paramref name="tried"/> can serve the request.</returns>
    /// <exception cref="MeshException">No worker can serve the request.</exception>
    public WorkerHold? Pick(
        WorkerRequirements requirements,
        RoutePlan plan,
        IReadOnlySet<string> tried,
        Journey? journey = null,
        string purpose = Purposes.Work)
    {
        var workers = declared.Workers;
        var choice = journey?.BeginChoice(purpose, workers, requirements, plan, tried);
        MeshException? failure = null;
        var canServe = false;
        var ill = new List<WorkerCandidate>();
        lock (_gate)
        {
            _states.Synchronize(workers);
            for (var i = 0; i < plan.Pools.Count; i++)
            {
                if (!matcher.TryMatch(workers, requirements, plan, plan.Pools[i], out var matches, out var why))
                {
                    failure ??= why;
                    choice?.Pass(why.Message);
                    continue;
                }

                canServe = true;
                var open = OpenOf(matches, tried);
                PoolHealth.CompareSpeeds(open);
                var fit = open.Where(candidate => candidate.State.Health.IsAvailable).ToList();
                if (fit.Count > 0 || ill.Count == 0)
                {
                    choice?.Look(i, open);
                }

                if (fit.Count > 0)
                {
                    var chosen = Choose(fit, plan);
                    return Hold(chosen, SelectionReason.Of(chosen, fit.Count, i, plan, requirements), fit.Count, plan.Work, choice);
                }

                ill = ill.Count > 0 ? ill : open;
            }

            return ill.Count > 0 ? Hold(Choose(ill, plan), SelectionReason.Panic, ill.Count, plan.Work, choice) : canServe ? null : throw failure!;
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
            _states.Synchronize(workers);
            foreach (var pool in plan.Pools)
            {
                if (!matcher.TryMatch(workers, requirements, plan, pool, out var matches, out var why))
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
            return [.. _states.All.Select(state => (state.Lease.WorkerId, state.Limit))];
        }
    }

    /// <summary>What this router makes of each worker now.</summary>
    public IReadOnlyList<WorkerStanding> Standings()
    {
        lock (_gate)
        {
            _states.Synchronize(declared.Workers);
            return [.. _states.All.Select(state => new WorkerStanding(state.Lease.WorkerId, state.InFlight, state.Health.IsAvailable, state.Health.IsEjected))];
        }
    }

    /// <summary>Throws what <see cref="Pick"/> would throw, and picks nobody.</summary>
    public void Check(WorkerRequirements requirements, RoutePlan plan) => matcher.Candidates(requirements, plan);

    public void Dispose()
    {
        IReadOnlyList<IWorkerConnection> connections;
        lock (_gate)
        {
            connections = _states.Clear();
        }

        foreach (var connection in connections)
        {
            connection.Dispose();
        }
    }

    internal int Report(WorkerState state, RunningWork running, WorkerOutcome outcome)
    {
        lock (_gate)
        {
            running.Outcome = outcome.Kind;
            var wasOpen = state.Health.IsOpen;
            Judge(state, mayEject => state.Health.On(outcome, mayEject));
            return !wasOpen && state.Health.IsOpen ? PoolHealth.Displaced(state) : 0;
        }
    }

    /// <summary>Workers that should be asked for their health now: used before, and either quiet or about to come back.</summary>
    internal IReadOnlyList<(WorkerState State, IWorkerConnection Connection)> ProbesDue()
    {
        lock (_gate)
        {
            _states.Synchronize(declared.Workers);
            return
            [
                .. _states.All
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
            Judge(state, mayEject => state.Health.OnProbe(serving, mayEject));
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
            _states.CloseIfGone(state);
        }

        Freed?.Invoke();
    }

    private void Judge(WorkerState state, Action<bool> judge)
    {
        var (wasOpen, ejections) = (state.Health.IsOpen, state.Health.EjectionCount);
        judge(PoolHealth.MayEject(state, _states.All, options.Value.Health));
        if (state.Health.EjectionCount > ejections)
        {
            WorkerEjected?.Invoke();
        }
        else if (!wasOpen && state.Health.IsOpen)
        {
            CircuitOpened?.Invoke();
        }
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

    private WorkerHold Hold(WorkerCandidate candidate, string reason, int alternatives, PredictedWork? work, Choice? choice)
    {
        choice?.Choose(candidate, reason);
        var state = candidate.State;
        // Whoever was left out for a while is not owed the turns that it missed.
        _turn = Math.Max(_turn, state.LastPick);
        state.LastPick = _turn + (1 / state.Health.Share);
        var probing = state.Health.BeginTry();
        state.Connection ??= Open(state.Lease);
        var running = state.Enter(candidate.Match.Model.Model.Id, work);
        work?.OnChosen();
        return new WorkerHold(this, state, running, state.Connection, reason, probing) { Alternatives = alternatives };
    }

    private IWorkerConnection Open(WorkerLease lease) => _connections.First(factory => factory.Serves(lease)).Open(lease);
}
