using Microsoft.OpenApi;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Describes the operations whose bodies are read by hand.</summary>
internal static class OperationDescriptions
{
    private const string Json = "application/json";
    private const string Multipart = "multipart/form-data";

    public static void Describe(OpenApiOperation operation, string? name)
    {
        switch (name)
        {
            case OperationNames.Transcribe:
                operation.Summary = "Transcribes audio into the language spoken.";
                operation.RequestBody = Body(Multipart, TranscriptionSchemas.Transcription());
                operation.Responses = Responses("The transcript.", "text/plain", "text/vtt", "text/event-stream");
                AddJson(operation.Responses);
                break;
            case OperationNames.Translate:
                operation.Summary = "Transcribes audio into English.";
                operation.RequestBody = Body(Multipart, TranscriptionSchemas.Translation());
                operation.Responses = Responses("The transcript in English.", "text/plain", "text/vtt");
                AddJson(operation.Responses);
                break;
            case OperationNames.DetectLanguage:
                operation.Summary = "WhisperMesh's own: says which language is spoken at the start of a file.";
                operation.RequestBody = Body(Multipart, LanguageSchemas.Form());
                operation.Responses = Responses("The likeliest languages.");
                operation.Responses["200"].Content![Json] = new OpenApiMediaType { Schema = LanguageSchemas.Reply() };
                break;
            case OperationNames.Speak:
                operation.Summary = "Speaks a text.";
                operation.RequestBody = Body(Json, BodySchemas.Speech());
                operation.Responses = Responses(
                    "The speech, sent while it is made.",
                    ["text/event-stream", .. Speech.SpeechFormat.All.Values.Select(format => format.ContentType)]);
                break;
            case OperationNames.ListModels:
                operation.Summary = "Lists the models that workers serve now.";
                break;
            case OperationNames.GetModel:
                operation.Summary = "Describes one model.";
                operation.Responses!["404"] = Error("No worker serves it.");
                break;
            case OperationNames.GetMesh:
                operation.Summary = "WhisperMesh's own: workers, models, load, queues, errors and live sessions at this moment, without any text.";
                operation.Responses = Reply("200", "The mesh, as this router sees it.", MeshSchemas.Mesh());
                break;
            case OperationNames.GetRequest:
                operation.Summary = "WhisperMesh's own: says what became of a request: its route, its time by stage, its scores, without any text.";
                operation.Parameters = RequestSchemas.RecordParameters();
                operation.Responses = Reply("200", "The record of the request.", RequestSchemas.Record(), "400", "404");
                break;
            case OperationNames.ListRequests:
                operation.Summary = "WhisperMesh's own: lists the latest requests of a tenant.";
                operation.Parameters = RequestSchemas.ListParameters();
                operation.Responses = Reply("200", "The requests, newest first.", RequestSchemas.List(), "400");
                break;
            case OperationNames.CreateKey:
                operation.Summary = "Makes an API key and shows it, once.";
                operation.RequestBody = Body(Json, TenantSchemas.KeyRequest());
                operation.Responses = Reply("201", "The key.", TenantSchemas.Key(withSecret: true), "400", "503");
                break;
            case OperationNames.ListKeys:
                operation.Summary = "Lists API keys, without the keys themselves.";
                operation.Responses = Reply("200", "The keys, oldest first.", TenantSchemas.KeyList(), "503");
                break;
            case OperationNames.RevokeKey:
                operation.Summary = "Makes an API key useless at once.";
                operation.Responses = Reply("200", "It is revoked.", TenantSchemas.KeyDeleted(), "404", "503");
                break;
            case OperationNames.GetUsage:
                operation.Summary = "Says what a tenant used: the caller's own, or for scope admin any.";
                operation.Parameters = TenantSchemas.UsageParameters();
                operation.Responses = Reply("200", "The usage.", TenantSchemas.Usage(), "400", "404", "503");
                break;
        }
    }

    private static OpenApiRequestBody Body(string contentType, OpenApiSchema schema) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType> { [contentType] = new() { Schema = schema } },
    };

    private static void AddJson(OpenApiResponses responses) =>
        responses["200"].Content![Json] = new OpenApiMediaType { Schema = TranscriptSchemas.Json() };

    private static OpenApiResponses Responses(string description, params IEnumerable<string> contentTypes)
    {
        var success = new OpenApiResponse
        {
            Description = description,
            Headers = NoteSchemas.Headers(),
            Content = new Dictionary<string, OpenApiMediaType>(),
        };
        foreach (var type in contentTypes)
        {
            success.Content[type] = new OpenApiMediaType();
        }

        return new OpenApiResponses
        {
            ["200"] = success,
            ["400"] = Error("The request cannot be honoured; `param` names what is wrong."),
            ["401"] = Error("The mesh asks for API keys, and the one given is none, not whole, unknown, revoked or expired."),
            ["403"] = Error("The API key lacks the scope."),
            ["404"] = Error("There is no such model or voice."),
            ["413"] = Error("The audio is too large or too long."),
            ["415"] = Error("The content type is not the one described."),
            ["429"] = Error(
                "All queues are full (queue_full), or a budget is used up (rate_limit_exceeded, insufficient_quota); Retry-After says when to try again."),
            ["503"] = Error("No worker can serve it now; Retry-After says when to try again."),
        };
    }

    private static OpenApiResponses Reply(string status, string description, OpenApiSchema schema, params IEnumerable<string> errors)
    {
        var responses = new OpenApiResponses
        {
            [status] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema } },
            },
            ["401"] = Error("The mesh asks for API keys, and the one given is none, not whole, unknown, revoked or expired."),
            ["403"] = Error("The API key lacks the scope."),
        };
        foreach (var error in errors)
        {
            responses[error] = Error(error switch
            {
                "400" => "The request cannot be honoured; `param` names what is wrong.",
                "404" => "There is no such thing, or the caller may not see it.",
                _ => "Redis does not answer; Retry-After says when to try again.",
            });
        }

        return responses;
    }

    private static OpenApiResponse Error(string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = BodySchemas.Error() } },
    };
}
