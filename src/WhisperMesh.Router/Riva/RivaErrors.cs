using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Riva;

/// <summary>Errors in the words of Riva's API.</summary>
internal static class RivaErrors
{
    /// <summary>Reason of what Riva has and this service has not.</summary>
    public const string NotSupported = "NOT_SUPPORTED";

    // Our names of what a caller gave by another name.
    private static readonly Dictionary<string, string> Fields = new()
    {
        ["keywords"] = "speech_contexts",
        ["audio_format"] = "encoding",
        ["audio_format.encoding"] = "encoding",
        ["audio_format.sample_rate_hz"] = "sample_rate_hertz",
        ["audio_format.channel_count"] = "audio_channel_count",
        ["endpointing.pause_duration"] = "endpointing_config.stop_history",
        ["voice_activity.silence_duration"] = "endpointing_config.stop_history",
        ["channel_mode"] = "enable_separate_recognition_per_channel",
        ["word_timestamps"] = "enable_word_time_offsets",
        ["model"] = "model",
        ["language_code"] = "language_code",
    };

    public static MeshException Unsupported(string field, string message) =>
        new(StatusCode.Unimplemented, NotSupported, message) { Field = field };

    /// <summary>The same error, its field under the name that the caller knows.</summary>
    /// <param name="exception">As the mesh gives it.</param>
    /// <param name="config">Where the request has its configuration, such as <c>streaming_config.config</c>.</param>
    public static MeshException Renamed(MeshException exception, string config)
    {
        var field = exception.Field switch
        {
            null => null,
            "request_id" => "id.value",
            var name when Fields.TryGetValue(name, out var theirs) => $"{config}.{theirs}",
            var name => name,
        };
        return new MeshException(exception.StatusCode, exception.Reason, exception.Message, exception.InnerException)
        {
            Field = field,
            RetryAfter = exception.RetryAfter,
        };
    }
}
