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
            Create(exception, StatusCode.InvalidArgument, ErrorReasons.LanguageNotSupported, "language_code"),
        WhisperErrorReason.FieldInvalid =>
            Create(exception, StatusCode.InvalidArgument, ErrorReasons.FieldInvalid, exception.Field?.ToLowerInvariant()),
        _ => new MeshException(StatusCode.Internal, ErrorReasons.Internal, "The model failed.", exception),
    };

    private static MeshException Create(Exception exception, StatusCode status, string reason, string? field) =>
        new(status, reason, exception.Message, exception.InnerException) { Field = field };
}
