using Microsoft.AspNetCore.Mvc;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;

namespace WhisperMesh.Router.Realtime;

internal static class RealtimeExtensions
{
    public static IServiceCollection AddRealtime(this IServiceCollection services)
    {
        services.AddSingleton<RealtimeSettingsCheck>();
        services.AddSingleton<RealtimeEndpoint>();
        return services;
    }

    public static WebApplication MapRealtime(this WebApplication app)
    {
        app.MapGet("/v1/realtime", (HttpContext context, [FromServices] RealtimeEndpoint endpoint) => endpoint.HandleAsync(context))
            .RequireScope(Scopes.Transcribe)
            .WithMetadata(new ExplainedAttribute(Operations.Realtime))
            .ExcludeFromDescription();
        return app;
    }
}
