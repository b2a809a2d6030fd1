using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Describes the headers by which a caller says more of a request than OpenAI's API has fields for.</summary>
internal static class RequestHeaderSchemas
{
    public static void Describe(OpenApiOperation operation, string? name)
    {
        if (name is not (OperationNames.Transcribe or OperationNames.Translate or OperationNames.Speak))
        {
            return;
        }

        operation.Parameters =
        [
            .. operation.Parameters ?? [],
            Header(
                RequestIds.HeaderName,
                SchemaParts.Text("Id of the request, in the reply and in logs: 1 to 64 characters of A-Z a-z 0-9 . _ -. One is made where it is absent.")),
            Header(
                RequestTimeout.HeaderName,
                SchemaParts.Number("Seconds after which the answer is worth nothing, above 0 and at most 86400, counted from when the request comes in.")),
            Header(RequestLabels.SourceHeader, SchemaParts.Text("Where the audio comes from, such as \"phone\", for routes to go by.")),
            Header(RequestLabels.LabelsHeader, SchemaParts.Text("Labels for routes to go by: \"team=a, kind=call\".")),
            Header(
                RouteSettings.DefaultAffinityHeader,
                SchemaParts.Text("What requests of one session share: a route with session affinity sends them to the same worker.")),
            Header(
                HeaderNames.CacheControl,
                SchemaParts.Text("\"no-store\": the result is neither looked for in the cache nor kept; \"no-cache\": it is made anew, and kept; \"max-age\": one that is older is made anew.")),
        ];
    }

    private static OpenApiParameter Header(string name, OpenApiSchema schema) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = schema.Description,
        Schema = schema,
    };
}
