using Grpc.Core;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router;

/// <summary>The errors that the router itself gives, in one wording.</summary>
internal static class RouterErrors
{
    /// <summary>What callers are told to wait where nothing says how long it takes.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static MeshException NoWorker(ModelKind kind) =>
        MeshException.Unavailable(ErrorReasons.NoWorker, $"No {Name(kind)} worker is up. Try again soon.", RetryAfter);

    public static MeshException PoolEmpty(string route, string pool) =>
        MeshException.Unavailable(
            ErrorReasons.NoWorker, $"No worker that the route '{route}' leads to ({pool}) is up. Try again soon.", RetryAfter);

    public static MeshException UpstreamNotAllowed(string route, string upstream) =>
        MeshException.FailedPrecondition(
            ErrorReasons.UpstreamNotAllowed, $"The route '{route}' leads to the upstream '{upstream}', and this tenant does not let its audio go there.");

    public static MeshException ModelGone(string model) =>
        MeshException.Unavailable(
            ErrorReasons.NoWorker, $"No worker that serves the model '{model}' is up any more. Try again soon.", RetryAfter);

    public static MeshException WorkersFailed() =>
        MeshException.Unavailable(
            ErrorReasons.NoWorker, "The workers that could serve the request failed. Try again soon.", RetryAfter);

    public static MeshException AllQueuesFull(TimeSpan retryAfter) =>
        MeshException.ResourceExhausted(
            ErrorReasons.QueueFull, "All workers are busy and their queues are full. Try again later.", retryAfter);

    public static MeshException DeadlineExceeded() =>
        new(StatusCode.DeadlineExceeded, ErrorReasons.DeadlineExceeded, "The request took longer than it may.");

    public static MeshException AudioRefused(string hash, int deaths) => MeshException.InvalidArgument(
        "audio",
        $"{deaths} workers have died while they had this audio (SHA-256 {hash}), so it is refused for a while. Convert or cut it.",
        ErrorReasons.AudioRefused);

    public static MeshException ModelNotFound(string model) =>
        MeshException.NotFound("model", $"The model '{model}' does not exist here. GET /v1/models lists the models.");

    public static MeshException LanguageNotSupported(string language, string model, string field = "language_code") =>
        MeshException.InvalidArgument(
            field, $"The model '{model}' does not know the language '{language}'.", ErrorReasons.LanguageNotSupported);

    public static MeshException OnlyDedicatedWorkers(string model, string language, IReadOnlyList<string> dedicated) =>
        MeshException.InvalidArgument(
            "language_code",
            language.Length > 0
                ? $"No worker that serves the model '{model}' is meant for the language '{language}'."
                : $"The workers that serve the model '{model}' are each meant for certain languages; name one of {string.Join(", ", dedicated)}.",
            ErrorReasons.LanguageNotSupported);

    public static MeshException FeatureMissing(string feature, string model) => feature switch
    {
        WorkerFeatures.WordTimestamps => MeshException.InvalidArgument(
            "word_timestamps", $"No worker that serves '{model}' gives word timestamps."),
        WorkerFeatures.Channels => MeshException.InvalidArgument(
            "channel_mode", $"No worker that serves '{model}' keeps channels apart."),
        WorkerFeatures.Keywords => MeshException.InvalidArgument("keywords", $"No worker that serves '{model}' takes keywords."),
        WorkerFeatures.BeamSearch => MeshException.InvalidArgument(
            "beam_size", $"No worker that serves '{model}' follows several beams."),
        WorkerFeatures.LanguageDetection => MeshException.InvalidArgument(
            "model", $"No worker that serves '{model}' detects languages."),
        WorkerFeatures.Translate => MeshException.InvalidArgument("task", $"No worker that serves '{model}' translates."),
        WorkerFeatures.Live => MeshException.InvalidArgument("model", $"No worker that serves '{model}' transcribes live streams."),
        _ => MeshException.InvalidArgument("model", $"No worker that serves '{model}' can {feature}."),
    };

    public static MeshException FfmpegMissing(ModelKind kind) => kind == ModelKind.Synthesis
        ? MeshException.FailedPrecondition(
            ErrorReasons.FfmpegMissing,
            "This audio format needs ffmpeg, and no worker has it. Install ffmpeg 5 or newer there, or ask for wav or pcm.",
            "audio_format.encoding")
        : MeshException.FailedPrecondition(
            ErrorReasons.FfmpegMissing,
            "Audio other than WAV and raw PCM needs ffmpeg, and no worker has it. Install ffmpeg 5 or newer there, or send WAV.",
            "audio");

    private static string Name(ModelKind kind) => kind == ModelKind.Synthesis ? "synthesis" : "transcription";
}
