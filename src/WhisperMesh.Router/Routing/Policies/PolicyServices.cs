namespace WhisperMesh.Router.Routing.Policies;

internal static class PolicyServices
{
    public static IServiceCollection AddSelectionPolicies(this IServiceCollection services) => services
        .AddSingleton<IWorkerSelectionPolicy, LeastLoadPolicy>()
        .AddSingleton<IWorkerSelectionPolicy>(new PowerOfTwoPolicy(Random.Shared))
        .AddSingleton<IWorkerSelectionPolicy>(new WeightedPolicy(Random.Shared))
        .AddSingleton<IWorkerSelectionPolicy, LowestLatencyPolicy>()
        .AddSingleton<IWorkerSelectionPolicy, TiersPolicy>()
        .AddSingleton<IWorkerSelectionPolicy, AffinityPolicy>();
}
