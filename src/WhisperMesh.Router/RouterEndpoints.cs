using Microsoft.AspNetCore.Mvc;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Console;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Grpc;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Models;
using WhisperMesh.Router.OpenApi;
using WhisperMesh.Router.Realtime;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Riva;
using WhisperMesh.Router.Speech;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tenants.Authentication;
using WhisperMesh.Router.Tenants.Budgets;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router;

internal static class RouterEndpoints
{
    private const long MaxJsonBytes = 1024 * 1024;

    public static WebApplication MapRouter(this WebApplication app)
    {
        app.UseWebSockets();
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<OpenAiErrorMiddleware>();
        app.UseMiddleware<SocketOriginMiddleware>();
        app.UseMiddleware<SocketKeyMiddleware>();
        app.UseMiddleware<AuthenticationMiddleware>();
        app.UseMiddleware<JourneyMiddleware>();
        app.UseMiddleware<BudgetMiddleware>();
        app.MapGrpcService<TranscriptionGrpcService>().RequireScope(Scopes.Transcribe);
        app.MapGrpcService<SynthesisGrpcService>().RequireScope(Scopes.Speak);
        app.MapGrpcService<ModelGrpcService>().RequireScope(Scopes.Models);
        app.MapGrpcService<RivaGrpcService>().RequireScope(Scopes.Transcribe);

        // Uploads have their own limit, which the spool keeps while they stream.
        app.MapPost("/v1/audio/transcriptions", (HttpContext context, [FromServices] TranscriptionEndpoint endpoint) =>
                endpoint.HandleAsync(context, TranscriptionTask.Transcribe))
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .RequireScope(Scopes.Transcribe)
            .WithMetadata(new ExplainedAttribute(Operations.Transcribe))
            .WithName(OperationNames.Transcribe);
        app.MapPost("/v1/audio/translations", (HttpContext context, [FromServices] TranscriptionEndpoint endpoint) =>
                endpoint.HandleAsync(context, TranscriptionTask.Translate))
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .RequireScope(Scopes.Transcribe)
            .WithMetadata(new ExplainedAttribute(Operations.Translate))
            .WithName(OperationNames.Translate);
        app.MapPost("/v1/audio/languages", (HttpContext context, [FromServices] LanguagesEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .RequireScope(Scopes.Transcribe)
            .WithMetadata(new ExplainedAttribute(Operations.Detect))
            .WithName(OperationNames.DetectLanguage);
        app.MapPost("/v1/audio/speech", (HttpContext context, [FromServices] SpeechEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(new RequestSizeLimitAttribute(MaxJsonBytes))
            .RequireScope(Scopes.Speak)
            .WithMetadata(new ExplainedAttribute(Operations.Speak))
            .WithName(OperationNames.Speak);
        app.MapGet("/v1/models", ([FromServices] ModelCatalog catalog) =>
                TypedResults.Json(ModelsEndpoint.List(catalog), ApiJson.Default.ModelList))
            .RequireScope(Scopes.Models)
            .WithName(OperationNames.ListModels);
        app.MapGet("/v1/models/{model}", (string model, [FromServices] ModelCatalog catalog) =>
                TypedResults.Json(ModelsEndpoint.Get(model, catalog), ApiJson.Default.ModelObject))
            .RequireScope(Scopes.Models)
            .WithName(OperationNames.GetModel);
        app.MapRealtime();
        app.MapLive();
        app.MapTenants();
        app.MapCaptions();
        app.MapConsole();
        app.MapExplain();
        app.MapOpenApi().AllowAnonymous();
        return app;
    }
}
