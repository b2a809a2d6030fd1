using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>A worker directory that tests fill by hand.</summary>
internal sealed class FakeDirectory(params IReadOnlyList<WorkerLease> workers) : IWorkerDirectory
{
    private IReadOnlyList<WorkerLease> _workers = workers;

    public event Action? Changed;

    public IReadOnlyList<WorkerLease> Workers
    {
        get => _workers;
        set
        {
            _workers = value;
            Changed?.Invoke();
        }
    }
}
