using System.Collections.Concurrent;
using Aspire.Dashboard.Live;
using Aspire.Hosting.ResourceService;

namespace Aspire.Dashboard.Resources;

/// <summary>What the AppHost said last of each instance. Empty where there is no AppHost.</summary>
internal sealed class ResourceBoard(ChangeSignal changes)
{
    private readonly ConcurrentDictionary<string, ResourceMessage> _resources = new(StringComparer.OrdinalIgnoreCase);
    private volatile bool _isConnected;

    /// <summary>False while the AppHost can't be reached; what is known stays.</summary>
    public bool IsConnected
    {
        get => _isConnected;
        set
        {
            if (_isConnected != value)
            {
                _isConnected = value;
                changes.Raise();
            }
        }
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<ResourceMessage> All => [.. _resources.Values.OrderBy(r => r.Id, StringComparer.OrdinalIgnoreCase)];

    public ResourceMessage? Find(string id) => _resources.GetValueOrDefault(id);

    public void Put(ResourceMessage message)
    {
        _resources[message.Id] = message;
        changes.Raise();
    }
}
