using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Health;

namespace WhisperMesh.Router.Tests.Routing.Policies;

/// <summary>Candidates as policies see them.</summary>
internal static class Candidates
{
    public static readonly SelectionContext NoContext = new();

    public static IReadOnlyList<IWorkerSelectionPolicy> AllPolicies { get; } =
    [
        new LeastLoadPolicy(), new PowerOfTwoPolicy(new Random(1)), new WeightedPolicy(new Random(1)), new LowestLatencyPolicy(),
        new TiersPolicy(), new AffinityPolicy(),
    ];

    /// <param name="id">Id of the worker.</param>
    /// <param name="active">Requests there, of 10 places.</param>
    /// <param name="weight">Weight; 0: none said.</param>
    /// <param name="tier">Tier.</param>
    /// <param name="latency">Seconds for a second of audio.</param>
    public static WorkerCandidate Of(string id, int active = 0, double weight = 0, int tier = 0, double? latency = null)
    {
        var lease = Leases.Transcription(id, limit: 10);
        (lease.Capabilities.Weight, lease.Capabilities.Tier) = (weight, tier);
        lease.Load.ActiveRequestCount = active;
        var time = new FakeTimeProvider();
        var health = new WorkerHealth(new RouterOptions(), time) { NormalizedLatency = latency };
        var state = new WorkerState(lease, health, time);
        return new WorkerCandidate(state, new WorkerMatch(lease, lease.Capabilities.Models[0]));
    }

    public static string Pick(this IWorkerSelectionPolicy policy, SelectionContext context, params WorkerCandidate[] candidates) =>
        policy.Choose(candidates, context).Match.Worker.WorkerId;

    /// <summary>How often each worker is chosen.</summary>
    public static Dictionary<string, int> Draw(this IWorkerSelectionPolicy policy, int times, params WorkerCandidate[] candidates) =>
        Enumerable.Range(0, times).Select(_ => policy.Pick(NoContext, candidates)).CountBy(id => id).ToDictionary();
}
