using System.Diagnostics.CodeAnalysis;
using WhisperMesh.Router.Routing;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Says who of a route's pools can serve a request, or why nobody can.</summary>
internal sealed class PoolMatcher(DeclaredWorkers declared, KnownModels known)
{
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

    /// <summary>Says who of a pool can serve, or what stands in the way.</summary>
    public bool TryMatch(
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
}
