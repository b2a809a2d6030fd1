using Grpc.Core;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Upstreams;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Http;

/// <summary>Turns the mesh's errors into OpenAI's.</summary>
internal static class OpenAiErrors
{
    private static readonly Dictionary<string, string> Params = new()
    {
        ["language_code"] = "language",
        ["language_codes"] = "languages",
        ["channel_mode"] = "channels",
        ["token_details"] = "include",
        ["thresholds.compression_ratio"] = "compression_ratio_threshold",
        ["thresholds.log_probability"] = "logprob_threshold",
        ["thresholds.no_speech"] = "no_speech_threshold",
        ["voice_activity.threshold"] = "chunking_strategy",
        ["voice_activity.silence_duration"] = "chunking_strategy",
        ["voice_activity.prefix_padding"] = "chunking_strategy",
        ["language_switching.window_count"] = "language_switch_windows",
        ["language_switching.probability"] = "language_switch_probability",
        ["audio"] = "file",
        ["text"] = "input",
        ["audio_format.encoding"] = "response_format",
        ["audio_format"] = "response_format",
        ["word_timestamps"] = "timestamp_granularities",
        ["audio_format.sample_rate_hz"] = "response_format",
        ["task"] = "model",
        ["request_id"] = Requests.RequestIds.HeaderName,
    };

    public static OpenAiError From(MeshException exception)
    {
        var status = HttpStatusOf(exception);
        return new OpenAiError(
            exception.Message,
            TypeOf(status),
            exception.Field is { } field ? Params.GetValueOrDefault(field, field) : null,
            CodeOf(exception))
        {
            Status = status,
            RetryAfter = exception.RetryAfter,
        };
    }

    public static OpenAiError Internal() =>
        new("The server had an error while processing your request.", OpenAiError.Server, null, null)
        {
            Status = StatusCodes.Status500InternalServerError,
        };

    private static int HttpStatusOf(MeshException exception) => exception.StatusCode switch
    {
        // No mistake of the caller's.
        _ when exception.Reason is ErrorReasons.ModelBroken or ErrorReasons.ModelTooLarge or ErrorReasons.ModelMemoryFull
            => StatusCodes.Status503ServiceUnavailable,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.ResourceExhausted => exception.Reason switch
        {
            ErrorReasons.AudioTooLarge or ErrorReasons.AudioTooLong or UpstreamErrors.UnsuitedReason => StatusCodes.Status413PayloadTooLarge,
            SpoolErrors.FullReason => StatusCodes.Status507InsufficientStorage,
            _ => StatusCodes.Status429TooManyRequests,
        },
        StatusCode.Unavailable or StatusCode.Cancelled => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => OpenAiError.RateLimit,
        >= StatusCodes.Status500InternalServerError => OpenAiError.Server,
        _ => OpenAiError.InvalidRequest,
    };

    // OpenAI's codes are lower_snake; for a bad value its code is "invalid_value".
    private static string CodeOf(MeshException exception) =>
        exception.Reason == ErrorReasons.FieldInvalid ? "invalid_value" : exception.Reason.ToLowerInvariant();
}
