using System.Net.WebSockets;
using Grpc.Core;
using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Realtime;

/// <summary>Errors as events, their parameters named as the client names them.</summary>
internal static class RealtimeErrors
{
    // "Try again later", which .NET has no name for.
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private static readonly Dictionary<string, string> Words = new()
    {
        ["model"] = "model",
        ["task"] = "model",
        ["language_code"] = "language",
        ["language_codes"] = "languages",
        ["keywords"] = "keywords",
        ["prompt"] = "prompt",
        ["latency"] = "delay",
    };

    private static readonly Dictionary<string, string> Turns = new()
    {
        ["endpointing.threshold"] = "threshold",
        ["endpointing.pause_duration"] = "silence_duration_ms",
        ["endpointing.prefix_padding"] = "prefix_padding_ms",
    };

    public static EventError From(ApiException exception, string? eventId) =>
        new(exception.Error.Type, exception.Error.Code, exception.Message, exception.Error.Param, eventId);

    /// <param name="exception">As the mesh gives it.</param>
    /// <param name="beta">Whether the client speaks as in the beta.</param>
    /// <param name="eventId">The client's own id of the event at fault.</param>
    public static EventError From(MeshException exception, bool beta, string? eventId = null)
    {
        var error = OpenAiErrors.From(exception);
        return new EventError(error.Type, error.Code, error.Message, ParamOf(exception.Field, beta), eventId);
    }

    public static EventError Internal()
    {
        var error = OpenAiErrors.Internal();
        return new EventError(error.Type, "internal_error", error.Message, null, null);
    }

    /// <summary>How the connection is closed that fails for this reason.</summary>
    public static WebSocketCloseStatus CloseOf(MeshException exception) => exception.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.ResourceExhausted => TryAgainLater,
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.PermissionDenied
            => WebSocketCloseStatus.PolicyViolation,
        StatusCode.DeadlineExceeded => WebSocketCloseStatus.EndpointUnavailable,
        _ => WebSocketCloseStatus.InternalServerError,
    };

    private static string? ParamOf(string? field, bool beta) =>
        field is null ? null
        : Words.TryGetValue(field, out var word) ? (beta ? "session.input_audio_transcription." : "session.audio.input.transcription.") + word
        : Turns.TryGetValue(field, out var turn) ? (beta ? "session.turn_detection." : "session.audio.input.turn_detection.") + turn
        : field.StartsWith("audio_format", StringComparison.Ordinal) ? (beta ? "session.input_audio_format" : "session.audio.input.format")
        : field;
}
