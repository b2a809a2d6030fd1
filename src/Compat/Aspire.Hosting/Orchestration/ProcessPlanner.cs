using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>Turns an instance of a resource into the process to start, with the variables that Aspire sets.</summary>
internal sealed class ProcessPlanner(DistributedApplicationModel model, IConfiguration configuration)
{
    /// <summary>The <c>dotnet</c> that runs this process.</summary>
    public static string DotNet { get; } = Path.Combine(
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    public async Task<ProcessSpec> PlanAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Resource.Annotations.OfType<ProcessAnnotation>().LastOrDefault() is { } process)
        {
            return process.Plan(instance);
        }

        var project = instance.Resource.Annotations.OfType<ProjectPathAnnotation>().Last().ProjectPath;
        var output = OutputOf(project);
        List<object> arguments = ["exec", output];
        var context = new CommandLineArgsCallbackContext(arguments, instance.Resource, cancellationToken);
        foreach (var callback in instance.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        var folder = Path.GetDirectoryName(project) is { Length: > 0 } directory ? directory : Path.GetDirectoryName(output)!;
        return new ProcessSpec(DotNet, [.. arguments.Select(Text)], folder)
        {
            Environment = await EnvironmentOfAsync(instance, cancellationToken),
        };
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private async Task<Dictionary<string, string?>> EnvironmentOfAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>();
        TelemetryEnvironment.Add(variables, instance, model);
        AddEndpoints(variables, instance);

        // One line for an event, so that each has its prefix; a setting of the AppHost's own environment still wins.
        AddUnlessSet(variables, "LOGGING__CONSOLE__FORMATTERNAME", "simple");
        AddUnlessSet(variables, "LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE", "true");

        // Several processes share one screen, and each is asked for its health now and then.
        AddUnlessSet(variables, "LOGGING__LOGLEVEL__MICROSOFT.ASPNETCORE", "Warning");
        AddUnlessSet(variables, "LOGGING__LOGLEVEL__MICROSOFT.HOSTING.LIFETIME", "Warning");

        // Until it is healthy a service is asked often; that it is not yet is said by us, now and then.
        AddUnlessSet(variables, "LOGGING__LOGLEVEL__MICROSOFT.EXTENSIONS.DIAGNOSTICS.HEALTHCHECKS", "Critical");

        var context = new EnvironmentCallbackContext(instance.Resource, variables, cancellationToken);
        foreach (var callback in instance.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        // The AppHost's own address settings, here the dashboard's, are not the service's.
        var result = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = null, ["ASPNETCORE_HTTP_PORTS"] = null };
        foreach (var (name, value) in variables)
        {
            result[name] = await ResolveAsync(value, cancellationToken);
        }

        return result;
    }

    private static void AddEndpoints(Dictionary<string, object> variables, ResourceInstance instance)
    {
        foreach (var endpoint in instance.Endpoints.Where(endpoint => endpoint.TargetPortEnvironmentVariable is not null))
        {
            variables[endpoint.TargetPortEnvironmentVariable!] = instance.PortOf(endpoint.Name).ToString(CultureInfo.InvariantCulture);
        }

        var urls = instance.Endpoints
            .Where(endpoint => endpoint.TargetPortEnvironmentVariable is null && endpoint.UriScheme == "http")
            .Select(endpoint => $"http://{ResourceInstance.Host}:{instance.PortOf(endpoint.Name)}");
        if (string.Join(';', urls) is { Length: > 0 } joined)
        {
            variables["ASPNETCORE_URLS"] = joined;
        }
    }

    private void AddUnlessSet(Dictionary<string, object> variables, string name, string value)
    {
        if (configuration[name.Replace("__", ":", StringComparison.Ordinal)] is null)
        {
            variables[name] = value;
        }
    }

    private static async ValueTask<string?> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        EndpointReference endpoint => await endpoint.GetValueAsync(cancellationToken),
        IResourceWithConnectionString resource => await resource.GetConnectionStringAsync(cancellationToken),
        _ => Text(value),
    };

    /// <summary>The assembly of a project in the same configuration as the AppHost, beside the AppHost's own output.</summary>
    private static string OutputOf(string projectPath)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var name = Path.GetFileNameWithoutExtension(projectPath);
        var output = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, name + ".dll");
        return File.Exists(output)
            ? output
            : throw new DistributedApplicationException(
                $"{name} is not built: there is no {output}. Build the AppHost's project, which builds it.");
    }
}
