using Aspire.Dashboard.Api;
using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Live;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Pages;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Security;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard;

/// <summary>Puts the dashboard together: a page and two OTLP receivers over one store.</summary>
internal static class DashboardApplication
{
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        var addresses = DashboardAddresses.Read(builder.Configuration);
        var access = DashboardAccess.Read(builder.Configuration, addresses, builder.Environment.IsDevelopment());
        builder.AddEndpoints(addresses);
        builder.AddQuietLogging();
        builder.AddServices(access);

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseListeners();
        app.UsePageGuard(app.Services.GetRequiredService<BrowserSession>());
        app.UseOtlpGate(app.Services.GetRequiredService<OtlpGate>());
        app.MapOtlp();
        app.MapPages();
        app.MapLogin();
        app.MapLive();
        app.MapCommands();
        app.MapApi();
        app.MapHealthChecks("/health").On(Listener.Page).WithMetadata(BeforeLogin.Instance);
        app.MapHealthChecks("/alive").On(Listener.Page).WithMetadata(BeforeLogin.Instance);
        app.Lifetime.ApplicationStarted.Register(() => LogStarted(app, access));
        return app;
    }

    private static void AddServices(this WebApplicationBuilder builder, DashboardAccess access)
    {
        builder.Services.AddOptionsWithValidateOnStart<TelemetryLimits>().BindConfiguration(TelemetryLimits.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryLimits>, TelemetryLimitsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton<BrowserSession>();
        builder.Services.AddSingleton<ChangeSignal>();
        builder.Services.AddSingleton<LiveStreams>();
        builder.Services.AddSingleton<TelemetryStore>();
        builder.Services.AddSingleton<ResourceBoard>();
        builder.Services.AddSingleton<ResourceServiceClient>();
        builder.Services.AddHostedService<ResourceWatcher>();
        builder.Services.AddSingleton<PageWriter>();
        builder.Services.AddOtlp();
        builder.Services.AddApi();
        builder.Services.AddHealthChecks();
    }

    private static void AddEndpoints(this WebApplicationBuilder builder, DashboardAddresses addresses)
    {
        // The addresses are listened on here, with protocols, so Kestrel's warning that they override the setting is no news.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 1_000;
            kestrel.ListenOn(addresses);
        });
        if (addresses.IsPageLoopback && addresses.IsOtlpLoopback)
        {
            // A page from elsewhere whose name was made to point to this machine must not read the telemetry.
            builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        }
    }

    private static void AddQuietLogging(this WebApplicationBuilder builder) => builder.Logging
        .AddFilter("Microsoft", LogLevel.Warning)
        // A sender's mistakes are the sender's to hear of; they must not fill the log here.
        .AddFilter("Grpc", LogLevel.Critical);

    private static void LogStarted(WebApplication app, DashboardAccess access)
    {
        // As they were listened on: the pages, OTLP over gRPC, OTLP over HTTP.
        var urls = app.Urls.ToArray();
        app.Logger.Started(string.Join(' ', urls[..^2]), urls[^2], urls[^1]);
        if (access.BrowserToken is { } token)
        {
            app.Logger.Login($"{urls[0]}/login?t={Uri.EscapeDataString(token)}");
        }
    }
}
