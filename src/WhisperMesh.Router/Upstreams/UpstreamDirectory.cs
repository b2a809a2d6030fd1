using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>The mesh's own workers, and the upstreams of the configuration among them.</summary>
internal sealed class UpstreamDirectory : IWorkerDirectory, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _since = [];
    private readonly IWorkerDirectory _workersOnly;
    private readonly IMeshConfigurationSource _configuration;
    private readonly TimeProvider _time;
    private volatile IReadOnlyList<WorkerLease> _workers = [];

    public UpstreamDirectory(IWorkerDirectory workersOnly, IMeshConfigurationSource configuration, TimeProvider time)
    {
        (_workersOnly, _configuration, _time) = (workersOnly, configuration, time);
        Merge();
        _workersOnly.Changed += Update;
        _configuration.Changed += Update;
    }

    public event Action? Changed;

    public IReadOnlyList<WorkerLease> Workers => _workers;

    public void Dispose()
    {
        _workersOnly.Changed -= Update;
        _configuration.Changed -= Update;
    }

    private void Update()
    {
        Merge();
        Changed?.Invoke();
    }

    private void Merge()
    {
        lock (_gate)
        {
            var upstreams = _configuration.Current.Upstreams.Select(upstream => UpstreamLeases.Of(upstream, SinceOf(upstream.Name)));

            // Only the configuration makes an upstream: a lease that says it is one would send audio out of the mesh.
            var workers = _workersOnly.Workers.Where(lease => !UpstreamId.Is(lease.WorkerId) && !UpstreamId.Is(lease.Address));
            _workers = [.. workers.Concat(upstreams).OrderBy(lease => lease.WorkerId, StringComparer.Ordinal)];
        }
    }

    private DateTimeOffset SinceOf(string name) =>
        _since.TryGetValue(name, out var since) ? since : _since[name] = _time.GetUtcNow();
}
