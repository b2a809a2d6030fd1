using Microsoft.AspNetCore.Mvc;
using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Explain.Telling;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.OpenApi;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Explain;

internal static class ExplainServices
{
    // Whoever may ask for speech may ask what became of it.
    private static readonly string[] Readers = [Scopes.Usage, Scopes.Transcribe, Scopes.Speak, Scopes.Operate, Scopes.Admin];

    /// <summary>Adds the records of requests.</summary>
    public static IServiceCollection AddExplain(this IServiceCollection services)
    {
        services.AddValidatedOptions<ExplainOptions, ExplainOptionsValidator>(ExplainOptions.SectionName);
        services.AddSingleton<Journeys>();
        services.AddSingleton<JourneyTeller>();
        services.AddSingleton<RecordRing>();
        services.AddSingleton<RedisRecords>();
        services.AddSingleton<RecordSharer>();
        // Services stop in the reverse order: it writes what the keeper has kept last.
        services.AddHostedService(provider => provider.GetRequiredService<RecordSharer>());
        services.AddHostedService<RecordKeeper>();
        services.AddSingleton<RecordLookup>();
        services.AddSingleton<RequestsEndpoint>();
        services.AddSingleton<ILiveObserver, LiveJourneys>();
        return services;
    }

    public static void MapExplain(this WebApplication app)
    {
        app.MapGrpcService<RequestGrpcService>().RequireScope(Readers);
        app.MapGet("/v1/requests", (HttpContext context, [FromServices] RequestsEndpoint endpoint) => endpoint.ListAsync(context))
            .RequireScope(Readers)
            .WithName(OperationNames.ListRequests);
        app.MapGet("/v1/requests/{id}", (string id, HttpContext context, [FromServices] RequestsEndpoint endpoint) => endpoint.GetAsync(id, context))
            .RequireScope(Readers)
            .WithName(OperationNames.GetRequest);
    }
}
