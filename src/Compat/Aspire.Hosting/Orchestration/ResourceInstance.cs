using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>One process of a resource: the resource itself or one of its replicas, with the ports that it was given.</summary>
internal sealed class ResourceInstance(IResource resource, string id, IReadOnlyDictionary<string, int> ports)
{
    public const string Host = "127.0.0.1";

    public IResource Resource { get; } = resource;

    /// <summary>The resource's name, with a number where it has replicas.</summary>
    public string Id { get; } = id;

    public IEnumerable<EndpointAnnotation> Endpoints => Resource.Annotations.OfType<EndpointAnnotation>();

    public int PortOf(string endpointName) => ports.TryGetValue(endpointName, out var port)
        ? port
        : throw new DistributedApplicationException($"'{Id}' has no endpoint named '{endpointName}'.");

    /// <summary>Makes the instances of all resources and gives each endpoint its port.</summary>
    public static IReadOnlyList<ResourceInstance> CreateAll(DistributedApplicationModel model)
    {
        using var allocator = new PortAllocator();
        var instances = new List<ResourceInstance>();
        foreach (var resource in model.Resources)
        {
            var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
            for (var replica = 1; replica <= replicas; replica++)
            {
                instances.Add(Create(resource, replica, replicas, allocator));
            }
        }

        return instances;
    }

    private static ResourceInstance Create(IResource resource, int replica, int replicas, PortAllocator allocator)
    {
        var ports = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.FixedPort is not null && replicas > 1)
            {
                throw new DistributedApplicationException(
                    $"'{resource.Name}' has {replicas} replicas, which can't share "
                    + $"port {endpoint.FixedPort} of its endpoint '{endpoint.Name}'.");
            }

            var port = endpoint.FixedPort is { } wanted ? allocator.Claim(wanted, resource.Name, endpoint.Name) : allocator.Next();
            ports[endpoint.Name] = port;
            endpoint.AllocatedEndpoint = replica == 1 ? new AllocatedEndpoint(endpoint, Host, port) : endpoint.AllocatedEndpoint;
        }

        return new ResourceInstance(resource, replicas > 1 ? $"{resource.Name}-{replica}" : resource.Name, ports);
    }
}
