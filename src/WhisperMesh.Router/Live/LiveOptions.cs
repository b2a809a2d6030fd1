using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Live;

/// <summary>Settings of live streams, section <c>Router:Live</c>.</summary>
internal sealed class LiveOptions
{
    public const string SectionName = "Router:Live";

    /// <summary>Streams at once in this router; one more is refused.</summary>
    [Range(1, 1_000_000)]
    public int MaxSessions { get; set; } = 1000;

    /// <summary>How long a stream waits for a client whose connection broke, and how long for another worker when its own is lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ResumeWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Audio that is kept for another worker, from the last utterance's end. A worker that is behind by more makes the client wait.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan TailDuration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The same in bytes, whichever is less.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int TailBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Events that are kept for a client that comes back.</summary>
    [Range(10, 1_000_000)]
    public int KeptEvents { get; set; } = 2000;

    /// <summary>Longest stream.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a connected client may send nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a worker may take to say that it has taken a stream; it may have to load the model first.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a client may take to read what it is sent; a slower one is cut off and may come back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SlowReaderTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Workers that a stream may lose in a row without a new word; the next loss ends it.</summary>
    [Range(0, 1000)]
    public int MaxLostWorkers { get; set; } = 3;
}

[OptionsValidator]
internal sealed partial class LiveOptionsValidator : IValidateOptions<LiveOptions>;
