namespace WhisperMesh.Whisper;

/// <summary>Why the engine refused a model or a request.</summary>
public enum WhisperErrorReason
{
    /// <summary>A file of the model folder is missing.</summary>
    ModelFileMissing,

    /// <summary>A file of the model folder can't be read or isn't what the engine expects.</summary>
    ModelFileDamaged,

    /// <summary>The device can't be had with this model.</summary>
    DeviceNotSupported,

    /// <summary>The model doesn't know the language.</summary>
    LanguageNotSupported,

    /// <summary>A field of the request has a value outside its range.</summary>
    FieldInvalid,

    /// <summary>The queue is full; try again later.</summary>
    Overloaded,

    /// <summary>The engine failed while it worked on the request.</summary>
    Failed,
}

/// <summary>The engine refuses; the message says what and why, and is safe to show to users.</summary>
public sealed class WhisperException : Exception
{
    public WhisperException(WhisperErrorReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    public WhisperErrorReason Reason { get; }

    /// <summary>The field at fault when a request was refused, named as in <see cref="TranscriptionRequest"/>.</summary>
    public string? Field { get; init; }
}
