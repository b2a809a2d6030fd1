using System.Text.Json;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;

namespace WhisperMesh.Router.Realtime;

/// <summary>What a client sent.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Id">The client's own id of it; null: it gave none.</param>
/// <param name="Fields">Its members.</param>
internal sealed record ClientEvent(string Type, string? Id, JsonFields Fields)
{
    public const string Update = "session.update";
    public const string BetaUpdate = "transcription_session.update";
    public const string Append = "input_audio_buffer.append";
    public const string Commit = "input_audio_buffer.commit";
    public const string Clear = "input_audio_buffer.clear";

    private const int MaxIdLength = 512;

    private static readonly string[] Served = [Update, BetaUpdate, Append, Commit, Clear];

    // What OpenAI's sessions of other types take.
    private static readonly string[] Elsewhere = ["conversation.", "response.", "output_audio_buffer.", "session."];

    /// <exception cref="ApiException">It is no event.</exception>
    public static ClientEvent Of(JsonElement message)
    {
        var fields = new JsonFields(message, "");
        var id = fields.Take("event_id") is { IsNull: false } given ? given.Text() : null;
        return id?.Length > MaxIdLength
            ? throw ApiException.BadRequest("event_id", $"'event_id' may have at most {MaxIdLength} characters.")
            : new ClientEvent(fields.Require("type").Text(), id, fields);
    }

    /// <summary>Says why an event of this type is not served.</summary>
    public ApiException NotServed()
    {
        var type = RequestChecks.Shortened(Type);
        return Elsewhere.Any(start => Type.StartsWith(start, StringComparison.Ordinal))
            ? ApiException.BadRequest("type", $"'{type}' is not served here: this is a transcription session.", "unsupported_event")
            : ApiException.BadRequest(
                "type", $"Invalid value: '{type}'. Supported values are: {string.Join(", ", Served.Select(served => $"'{served}'"))}.");
    }
}
