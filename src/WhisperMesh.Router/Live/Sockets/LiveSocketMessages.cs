using System.Text.Json;
using Google.Protobuf;
using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live.Sockets;

/// <summary>The contract's messages as JSON, in protobuf's own mapping.</summary>
internal static class LiveSocketMessages
{
    /// <summary>Stands beside the contract's members: WebSockets have no half that could be closed.</summary>
    private const string Complete = "complete";

    /// <summary>Reads a text message; null: the client has sent all.</summary>
    /// <exception cref="MeshException">It is none that is understood.</exception>
    public static StreamLiveRequest? Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using (var json = JsonDocument.Parse(text))
            {
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(Complete, out _))
                {
                    return null;
                }
            }

            return JsonParser.Default.Parse<StreamLiveRequest>(System.Text.Encoding.UTF8.GetString(text.Span));
        }
        catch (JsonException)
        {
            throw MeshException.InvalidArgument("message", "A text message must be a JSON object with config, audio, commit, clear or complete.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw MeshException.InvalidArgument("message", "The message is none of the contract's: " + e.Message);
        }
    }

    public static byte[] Write(StreamLiveResponse message) => System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message));

    public static byte[] Write(MeshException exception) => JsonSerializer.SerializeToUtf8Bytes(
        new OpenAiErrorResponse(OpenAiErrors.From(exception) with { Param = exception.Field }), ApiJson.Readable.OpenAiErrorResponse);
}
