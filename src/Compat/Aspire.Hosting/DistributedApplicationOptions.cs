namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    /// <summary>No dashboard runs, and no process is told to send telemetry to it.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>The folder that relative project paths start from; by default the AppHost project's.</summary>
    public string? ProjectDirectory { get; set; }
}
