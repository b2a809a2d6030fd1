using System.Text.Json;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Speech;

/// <summary>Reads the JSON of a speech request; what cannot be honoured is refused by name.</summary>
internal sealed class SpeechRequestReader(IOptions<RouterOptions> options)
{
    // A name given twice would leave one of its values unheard.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public async Task<SpeechRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var accept = RouterSpans.Start(TelemetryNames.Spans.Accept);
        if (request.ContentLength == 0 || (request.ContentLength is null && request.ContentType is null))
        {
            throw ApiException.Missing("input");
        }

        if (!request.HasJsonContentType())
        {
            throw ApiException.UnsupportedMediaType("The request must be application/json.");
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest(null, "The body is not valid JSON, or names a property twice.", "invalid_json");
        }
    }

    private SpeechRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.BadRequest(null, "The body must be a JSON object.", "invalid_json");
        }

        var synthesis = new SynthesizeRequest();
        var format = SpeechFormat.All[SpeechFormat.Default];
        var asEvents = false;
        foreach (var property in root.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
        {
            switch (property.Name)
            {
                case "input":
                    synthesis.Text = Text(property);
                    break;
                case "model":
                    synthesis.Model = NotEmpty(property);
                    break;
                case "voice":
                    synthesis.Voice = NotEmpty(property);
                    break;
                case "speed":
                    synthesis.Speed = Speed(property.Value);
                    break;
                case "response_format":
                    format = SpeechFormat.All.GetValueOrDefault(Text(property))
                        ?? throw NotOneOf(property, string.Join(", ", SpeechFormat.All.Keys));
                    break;
                case "stream_format":
                    asEvents = Text(property) switch { "sse" => true, "audio" => false, _ => throw NotOneOf(property, "audio, sse") };
                    break;
                case "instructions":
                    if (Text(property).Length > 0)
                    {
                        throw ApiException.Unsupported("instructions", "'instructions' is not supported: the voices here take none.");
                    }

                    break;
                default:
                    throw ApiException.BadRequest(
                        property.Name, $"Unrecognized request argument supplied: {RequestChecks.Shortened(property.Name)}.", "unknown_parameter");
            }
        }

        if (!root.TryGetProperty("input", out _))
        {
            throw ApiException.Missing("input");
        }

        RequestChecks.Text(synthesis.Text, options.Value.MaxTextLength);
        synthesis.AudioFormat = format.ToAudioFormat();
        return new SpeechRequest(synthesis, format, asEvents);
    }

    private static string NotEmpty(JsonProperty property) =>
        Text(property) is { Length: > 0 } text ? text : throw ApiException.BadRequest(property.Name, $"'{property.Name}' is empty.");

    private static string Text(JsonProperty property)
    {
        try
        {
            return property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw ApiException.BadRequest(property.Name, $"'{property.Name}' must be a string.", "invalid_type");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            throw ApiException.BadRequest(property.Name, $"'{property.Name}' is not valid Unicode text.");
        }
    }

    private static float Speed(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetSingle(out var speed))
        {
            throw ApiException.BadRequest("speed", "'speed' must be a number.", "invalid_type");
        }

        RequestChecks.Speed(speed);
        return speed;
    }

    private static ApiException NotOneOf(JsonProperty property, string allowed) => ApiException.BadRequest(
        property.Name,
        $"Invalid value '{RequestChecks.Shortened(Text(property))}' for '{property.Name}'. Supported values: {allowed}.");
}
