using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Where a project's file is.</summary>
internal sealed record ProjectPathAnnotation(string ProjectPath) : IResourceAnnotation;

/// <summary>How to run a resource that is not a project.</summary>
internal sealed record ProcessAnnotation(Func<ResourceInstance, ProcessSpec> Plan) : IResourceAnnotation;

/// <summary>How to see that a running resource is healthy.</summary>
internal interface IProbeAnnotation : IResourceAnnotation
{
    /// <summary>Throws where the instance is not healthy; the message says why.</summary>
    Task ProbeAsync(ResourceInstance instance, HttpClient http, CancellationToken cancellationToken);
}
