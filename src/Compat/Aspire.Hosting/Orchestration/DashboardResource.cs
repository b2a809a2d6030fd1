using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>The dashboard, which every application gets: its page on one port, OTLP over gRPC on the other.</summary>
internal sealed class DashboardResource() : ProjectResource("aspire-dashboard")
{
    public const string PageUrlKey = "ASPNETCORE_URLS";
    public const string OtlpUrlKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    public const string OtlpEndpointName = "otlp-grpc";

    // Only the name matters: the output is found beside the AppHost's, as for any project.
    private const string ProjectFile = "Aspire.Dashboard.csproj";

    public static DashboardResource Create(IConfiguration configuration)
    {
        var dashboard = new DashboardResource();
        dashboard.Annotations.Add(new ProjectPathAnnotation(ProjectFile));
        dashboard.Annotations.Add(Endpoint("http", PortOf(configuration, PageUrlKey, 18888)));
        dashboard.Annotations.Add(Endpoint(OtlpEndpointName, PortOf(configuration, OtlpUrlKey, 18889)));
        dashboard.Annotations.Add(new HttpProbeAnnotation("/health", 200, "http"));
        dashboard.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            context.EnvironmentVariables[PageUrlKey] = new EndpointReference(dashboard, "http");
            context.EnvironmentVariables[OtlpUrlKey] = new EndpointReference(dashboard, OtlpEndpointName);
            return Task.CompletedTask;
        }));
        return dashboard;
    }

    private static EndpointAnnotation Endpoint(string name, int port) =>
        new(System.Net.Sockets.ProtocolType.Tcp, "http", name: name, port: port == 0 ? null : port);

    private static int PortOf(IConfiguration configuration, string key, int otherwise)
    {
        // Of several addresses the first counts.
        if (configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() is not { } url)
        {
            return otherwise;
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? address.Port
            : throw new DistributedApplicationException($"{key} is '{url}', which is not a URL like http://127.0.0.1:{otherwise}.");
    }
}
