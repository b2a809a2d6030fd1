using System.Text.Json;
using Grpc.Core;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>What the audio and engine libraries refuse, in the mesh's terms.</summary>
internal static class EngineErrors
{
    public static MeshException Map(AudioException exception) => exception.Reason switch
    {
        AudioErrorReason.FormatMismatch => Create(exception, StatusCode.InvalidArgument, ErrorReasons.FieldInvalid, "audio_format"),
        AudioErrorReason.TooLong => Create(exception, StatusCode.ResourceExhausted, ErrorReasons.AudioTooLong, "audio"),
        AudioErrorReason.TooLarge => Create(exception, StatusCode.ResourceExhausted, ErrorReasons.AudioTooLarge, "audio"),
        AudioErrorReason.FfmpegMissing => Create(exception, StatusCode.FailedPrecondition, ErrorReasons.FfmpegMissing, "audio"),
        _ => Create(exception, StatusCode.InvalidArgument, ErrorReasons.AudioUnreadable, "audio"),
    };

    public static MeshException Map(WhisperException exception) => exception.Reason switch
    {
        WhisperErrorReason.LanguageNotSupported =>
            Create(exception, StatusCode.InvalidArgument, ErrorReasons.LanguageNotSupported, FieldOf(exception) ?? "language_code"),
        WhisperErrorReason.FieldInvalid =>
            Create(exception, StatusCode.InvalidArgument, ErrorReasons.FieldInvalid, FieldOf(exception)),
        // As the worker's own queue says it: the router asks another worker.
        WhisperErrorReason.Overloaded =>
            MeshException.ResourceExhausted(ErrorReasons.QueueFull, exception.Message, TimeSpan.FromSeconds(1)),
        _ => new MeshException(StatusCode.Internal, ErrorReasons.Internal, "The model failed.", exception),
    };

    /// <summary>The contract's name of a field that the engine refuses.</summary>
    private static string? FieldOf(WhisperException exception) => exception.Field switch
    {
        null => null,
        nameof(TranscriptionRequest.Language) => "language_code",
        nameof(TranscriptionRequest.AllowedLanguages) => "language_codes",
        nameof(TranscriptionRequest.Switching) => "language_switching",
        nameof(TranscriptionRequest.Class) => "request_class",
        nameof(TranscriptionRequest.ResumeFrom) => "resume_offset",
        nameof(TranscriptionRequest.Translate) => "task",
        var field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field),
    };

    private static MeshException Create(Exception exception, StatusCode status, string reason, string? field) =>
        new(status, reason, exception.Message, exception.InnerException) { Field = field };
}
