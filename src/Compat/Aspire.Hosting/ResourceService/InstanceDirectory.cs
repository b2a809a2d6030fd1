using System.Collections.Concurrent;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.ResourceService;

/// <summary>The instances under control, by id; empty until the application starts.</summary>
internal sealed class InstanceDirectory
{
    private readonly ConcurrentDictionary<string, InstanceControl> _instances = new(StringComparer.OrdinalIgnoreCase);

    public void Add(InstanceControl instance) => _instances[instance.Instance.Id] = instance;

    public InstanceControl? Find(string id) => _instances.GetValueOrDefault(id);
}
