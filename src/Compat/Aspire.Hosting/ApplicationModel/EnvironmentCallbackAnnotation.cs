namespace Aspire.Hosting.ApplicationModel;

/// <summary>Sets variables when a process is about to start.</summary>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What such a callback works on. Values are strings, endpoint references or resources with a connection string.</summary>
public class EnvironmentCallbackContext
{
    internal EnvironmentCallbackContext(IResource resource, Dictionary<string, object> variables, CancellationToken cancellationToken)
    {
        Resource = resource;
        EnvironmentVariables = variables;
        CancellationToken = cancellationToken;
    }

    public IResource Resource { get; }

    public Dictionary<string, object> EnvironmentVariables { get; }

    public CancellationToken CancellationToken { get; }
}
