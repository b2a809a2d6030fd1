using Aspire.Dashboard.Api;
using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Pages;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard;

/// <summary>Puts the dashboard together: a page and an OTLP receiver over one store.</summary>
internal static class DashboardApplication
{
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        var addresses = DashboardAddresses.Read(builder.Configuration);
        builder.AddEndpoints(addresses);
        builder.AddQuietLogging();

        builder.Services.AddOptionsWithValidateOnStart<TelemetryLimits>().BindConfiguration(TelemetryLimits.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryLimits>, TelemetryLimitsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<TelemetryStore>();
        builder.Services.AddOtlp();
        builder.Services.AddApi();
        builder.Services.AddHealthChecks();

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.MapOtlp();
        app.MapPages();
        app.MapApi();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");
        app.Lifetime.ApplicationStarted.Register(() => LogStarted(app));
        return app;
    }

    private static void AddEndpoints(this WebApplicationBuilder builder, DashboardAddresses addresses)
    {
        // The addresses are listened on here, with protocols, so Kestrel's warning that they override the setting is no news.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var page in addresses.Page)
            {
                kestrel.Listen(DashboardAddresses.EndPointOf(page), listen => listen.Protocols = HttpProtocols.Http1);
            }

            // gRPC without TLS needs HTTP/2 from the first byte, so it can't share the page's port.
            kestrel.Listen(DashboardAddresses.EndPointOf(addresses.Otlp), listen => listen.Protocols = HttpProtocols.Http2);
        });
        if (addresses.IsLoopback)
        {
            // A page from elsewhere whose name was made to point to this machine must not read the telemetry.
            builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }
    }

    private static void AddQuietLogging(this WebApplicationBuilder builder) => builder.Logging
        .AddFilter("Microsoft", LogLevel.Warning)
        // A sender's mistakes are the sender's to hear of; they must not fill the log here.
        .AddFilter("Grpc", LogLevel.Critical);

    private static void LogStarted(WebApplication app)
    {
        var urls = app.Urls.ToArray();
        var (page, otlp) = (string.Join(' ', urls[..^1]), urls[^1]);
        app.Logger.Started(page, otlp);
    }
}
