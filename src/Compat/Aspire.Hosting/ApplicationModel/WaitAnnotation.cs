namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource starts when another one has reached a state.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public WaitType WaitType { get; } = waitType;
}

/// <summary>The state that is waited for.</summary>
public enum WaitType
{
    WaitUntilHealthy = 0,
}

/// <summary>What waiting does about a resource that will not come up any more.</summary>
public enum WaitBehavior
{
    WaitOnResourceUnavailable = 0,
    StopOnResourceUnavailable = 1,
}
