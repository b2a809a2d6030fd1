namespace WhisperMesh.ServiceDefaults.Errors;

/// <summary>Values of ErrorInfo.reason that more than one service uses.</summary>
public static class ErrorReasons
{
    /// <summary>ErrorInfo.domain of every error of the mesh.</summary>
    public const string Domain = "whispermesh";

    public const string FieldInvalid = "FIELD_INVALID";
    public const string ModelNotFound = "MODEL_NOT_FOUND";
    public const string ModelLoading = "MODEL_LOADING";
    public const string ModelBroken = "MODEL_BROKEN";
    public const string ModelLoadFailed = "MODEL_LOAD_FAILED";
    public const string ModelMemoryFull = "MODEL_MEMORY_FULL";
    public const string ModelTooLarge = "MODEL_TOO_LARGE";
    public const string ServiceNotFound = "SERVICE_NOT_FOUND";
    public const string VoiceNotFound = "VOICE_NOT_FOUND";
    public const string LanguageNotSupported = "LANGUAGE_NOT_SUPPORTED";
    public const string AudioUnreadable = "AUDIO_UNREADABLE";
    public const string AudioTooLong = "AUDIO_TOO_LONG";
    public const string AudioTooLarge = "AUDIO_TOO_LARGE";
    public const string AudioRefused = "AUDIO_REFUSED";
    public const string FfmpegMissing = "FFMPEG_MISSING";
    public const string ConfigMissing = "CONFIG_MISSING";
    public const string ConfigRepeated = "CONFIG_REPEATED";
    public const string QueueFull = "QUEUE_FULL";
    public const string Overloaded = "OVERLOADED";
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";
    public const string Draining = "DRAINING";
    public const string NoWorker = "NO_WORKER";
    public const string NotOfThisMesh = "NOT_OF_THIS_MESH";
    public const string UpstreamNotAllowed = "UPSTREAM_NOT_ALLOWED";
    public const string InvalidApiKey = "INVALID_API_KEY";
    public const string ScopeMissing = "SCOPE_MISSING";
    public const string KeysUnavailable = "KEYS_UNAVAILABLE";
    public const string RateLimitExceeded = "RATE_LIMIT_EXCEEDED";
    public const string InsufficientQuota = "INSUFFICIENT_QUOTA";
    public const string Internal = "INTERNAL";
}
