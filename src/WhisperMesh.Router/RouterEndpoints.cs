using Microsoft.AspNetCore.Mvc;
using WhisperMesh.Router.Grpc;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Models;
using WhisperMesh.Router.OpenApi;
using WhisperMesh.Router.Speech;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router;

internal static class RouterEndpoints
{
    private const long MaxJsonBytes = 1024 * 1024;

    public static WebApplication MapRouter(this WebApplication app)
    {
        app.UseMiddleware<OpenAiErrorMiddleware>();
        app.MapGrpcService<TranscriptionGrpcService>();
        app.MapGrpcService<SynthesisGrpcService>();
        app.MapGrpcService<ModelGrpcService>();

        // Uploads have their own limit, which the spool keeps while they stream.
        app.MapPost("/v1/audio/transcriptions", (HttpContext context, [FromServices] TranscriptionEndpoint endpoint) =>
                endpoint.HandleAsync(context, TranscriptionTask.Transcribe))
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .WithName(OperationNames.Transcribe);
        app.MapPost("/v1/audio/translations", (HttpContext context, [FromServices] TranscriptionEndpoint endpoint) =>
                endpoint.HandleAsync(context, TranscriptionTask.Translate))
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .WithName(OperationNames.Translate);
        app.MapPost("/v1/audio/languages", (HttpContext context, [FromServices] LanguagesEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .WithName(OperationNames.DetectLanguage);
        app.MapPost("/v1/audio/speech", (HttpContext context, [FromServices] SpeechEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(new RequestSizeLimitAttribute(MaxJsonBytes))
            .WithName(OperationNames.Speak);
        app.MapGet("/v1/models", ([FromServices] ModelCatalog catalog) =>
                TypedResults.Json(ModelsEndpoint.List(catalog), ApiJson.Default.ModelList))
            .WithName(OperationNames.ListModels);
        app.MapGet("/v1/models/{model}", (string model, [FromServices] ModelCatalog catalog) =>
                TypedResults.Json(ModelsEndpoint.Get(model, catalog), ApiJson.Default.ModelObject))
            .WithName(OperationNames.GetModel);
        app.MapOpenApi();
        return app;
    }
}
