using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers.Load;

/// <summary>What a worker says of the speed and the state of its models.</summary>
internal static class WorkerSpeed
{
    /// <summary>Audio seconds per second and place, where nothing was measured.</summary>
    public const double Default = 1;

    /// <summary>Audio seconds per second; 0 when the worker has not measured it.</summary>
    public static double Reported(WorkerLease lease, string model) => StateOf(lease, model)?.AudioSecondsPerSecond ?? 0;

    /// <summary>How much of the model has still to be loaded before a request can begin, 0 to 1.</summary>
    public static double LoadShareLeft(WorkerLease lease, string model) => StateOf(lease, model) switch
    {
        { State: ModelLoadState.Cold or ModelLoadState.Failed } => 1,
        { State: ModelLoadState.Loading } state => 1 - Math.Clamp(state.LoadProgress, 0, 1),
        _ => 0,
    };

    private static ModelState? StateOf(WorkerLease lease, string model)
    {
        var states = lease.Load?.Models;
        for (var i = 0; i < states?.Count; i++)
        {
            if (states[i].ModelId == model)
            {
                return states[i];
            }
        }

        return null;
    }
}
