using Microsoft.AspNetCore.Mvc;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Live.Sockets;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Live;

internal static class LiveServices
{
    /// <summary>Adds live streams; whoever looks on adds an <see cref="ILiveObserver"/>.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddValidatedOptions<LiveOptions, LiveOptionsValidator>(LiveOptions.SectionName);
        services.AddSingleton<LiveObservers>();
        services.AddSingleton<LiveRegistry>();
        services.AddSingleton<LiveRelay>();
        services.AddSingleton<ILiveSessions, LiveSessions>();
        services.AddSingleton<LiveMetrics>();
        services.MakeAtStart<LiveMetrics>();
        services.AddSingleton<LiveSocketEndpoint>();
        services.AddHostedService<LiveKeeper>();
        return services;
    }

    public static void MapLive(this WebApplication app)
    {
        app.MapGrpcService<LiveGrpcService>().RequireScope(Scopes.Transcribe);
        app.MapGet("/v1/live", (HttpContext context, [FromServices] LiveSocketEndpoint endpoint) => endpoint.HandleAsync(context))
            .RequireScope(Scopes.Transcribe)
            .WithMetadata(new ExplainedAttribute(Operations.Live))
            .ExcludeFromDescription();
    }
}
