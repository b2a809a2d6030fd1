using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>Tells how the models of a worker are that loads and unloads them while it runs; they become part of its load.</summary>
public interface IWorkerModels
{
    /// <summary>Raised after a state changed, on the thread that changed it.</summary>
    event Action? Changed;

    /// <summary>The states now, in the order of the capabilities' models.</summary>
    IReadOnlyList<ModelState> States { get; }
}
