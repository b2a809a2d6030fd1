namespace WhisperMesh.Audio;

/// <summary>What kind of thing is wrong with the audio.</summary>
public enum AudioErrorReason
{
    /// <summary>The bytes are no audio, or damaged beyond use.</summary>
    Unreadable,

    /// <summary>Audio of a kind, rate or channel count that isn't read or written here.</summary>
    Unsupported,

    /// <summary>The file's own format is not the declared one.</summary>
    FormatMismatch,

    /// <summary>More audio time than the limit.</summary>
    TooLong,

    /// <summary>More bytes than the limit.</summary>
    TooLarge,

    /// <summary>The format needs ffmpeg, and there is none that can be used.</summary>
    FfmpegMissing,

    /// <summary>Decoding took more time or memory than it may.</summary>
    TimedOut,
}

/// <summary>Audio can't be read or written. The message is meant for the caller who sent it: it names no path.</summary>
public sealed class AudioException : Exception
{
    public AudioException(AudioErrorReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    public AudioErrorReason Reason { get; }
}
