namespace WhisperMesh.Audio;

/// <summary>What a decoder may use up for one input.</summary>
public sealed record AudioDecoderOptions
{
    /// <summary>Longest audio, in its own time.</summary>
    public TimeSpan MaxAudio { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Largest input, in bytes.</summary>
    public long MaxAudioBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Most channels that are kept apart, each of which costs as much as a file of its own. Mixing down takes up to
    /// <see cref="AudioLimits.MaxChannelCount"/>.
    /// </summary>
    public int MaxChannels { get; init; } = 8;

    /// <summary>The ffmpeg to use: a path, or a name on the PATH.</summary>
    public string FfmpegPath { get; init; } = "ffmpeg";

    /// <summary>Folder for temporary files. Null: the system's.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>
    /// Longest time to wait for ffmpeg, over one input, and the processor time it may use. The time that the reader of the
    /// samples takes does not count.
    /// </summary>
    public TimeSpan MaxFfmpegTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Address space that ffmpeg may take. Enforced on Linux; other systems have no such limit for a child process.</summary>
    public long MaxFfmpegMemoryBytes { get; init; } = 2L << 30;
}
