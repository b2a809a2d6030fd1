using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.ResourceService;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>The dashboard, which every application gets: its page, and OTLP over gRPC and over HTTP, each on a port.</summary>
internal sealed class DashboardResource(DashboardAccess access) : ProjectResource("aspire-dashboard")
{
    public const string PageUrlKey = "ASPNETCORE_URLS";
    public const string OtlpUrlKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    public const string OtlpHttpUrlKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    public const string OtlpEndpointName = "otlp-grpc";
    public const string OtlpHttpEndpointName = "otlp-http";

    // Only the name matters: the output is found beside the AppHost's, as for any project.
    private const string ProjectFile = "Aspire.Dashboard.csproj";

    public DashboardAccess Access => access;

    /// <summary>Where the AppHost answers the dashboard; known once it listens.</summary>
    public string? ResourceServiceUrl { get; set; }

    /// <summary>The page's address, with the token where one is asked for.</summary>
    public string LoginUrl
    {
        get
        {
            var page = new EndpointReference(this, "http").Url;
            return access.BrowserToken is { } token ? $"{page}/login?t={Uri.EscapeDataString(token)}" : page;
        }
    }

    public static DashboardResource Create(IConfiguration configuration, IHostEnvironment environment)
    {
        var dashboard = new DashboardResource(DashboardAccess.Create(configuration, environment));
        dashboard.Annotations.Add(new ProjectPathAnnotation(ProjectFile));
        dashboard.Annotations.Add(Endpoint("http", PortOf(configuration, PageUrlKey, 18888)));
        dashboard.Annotations.Add(Endpoint(OtlpEndpointName, PortOf(configuration, OtlpUrlKey, 18889)));
        dashboard.Annotations.Add(Endpoint(OtlpHttpEndpointName, PortOf(configuration, OtlpHttpUrlKey, 18890)));
        dashboard.Annotations.Add(new HttpProbeAnnotation("/health", 200, "http"));
        dashboard.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            var variables = context.EnvironmentVariables;
            variables[PageUrlKey] = new EndpointReference(dashboard, "http");
            variables[OtlpUrlKey] = new EndpointReference(dashboard, OtlpEndpointName);
            variables[OtlpHttpUrlKey] = new EndpointReference(dashboard, OtlpHttpEndpointName);
            dashboard.Access.AddTo(variables);
            if (dashboard.ResourceServiceUrl is { } url)
            {
                variables[ResourceProtocol.AddressVariable] = url;
            }

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
