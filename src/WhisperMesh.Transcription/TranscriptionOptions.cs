using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using WhisperMesh.Transcription.Models;

namespace WhisperMesh.Transcription;

/// <summary>Settings of the transcription worker.</summary>
internal sealed class TranscriptionOptions
{
    public const string SectionName = "Transcription";

    /// <summary>The models, of which one is the default. Unset: the one that ModelPath, ModelName and Aliases describe.</summary>
    public IList<ModelSettings> Models { get; set; } = [];

    /// <summary>Folder of the only model; unset: models/whisper-base.</summary>
    public string? ModelPath { get; set; }

    /// <summary>File of the voice activity model.</summary>
    [Required]
    public string VadPath { get; set; } = "models/silero-vad/silero_vad.onnx";

    /// <summary>Id that clients name the only model by; unset: whisper-base.</summary>
    public string? ModelName { get; set; }

    /// <summary>Other ids that lead to the only model; unset: whisper-1, the name OpenAI's clients send.</summary>
    public string[]? Aliases { get; set; }

    /// <summary>How long a model may stay in memory unused, unless it is kept; zero for ever.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan ModelIdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Memory that all models together may take; unset: half of what the machine, or the container, has.</summary>
    [Range(1L << 20, 1L << 50)]
    public long? ModelMemoryBytes { get; set; }

    /// <summary>How long a request waits for its model; the load goes on after that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ModelLoadTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Where the model runs.</summary>
    [AllowedValues("auto", "cpu", "cuda", "webgpu")]
    public string Device { get; set; } = "auto";

    /// <summary>Threads of the model; 0 takes as many as the machine has cores.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Windows, beams and samples that share a decoder step, of each model.</summary>
    [Range(16, 128)]
    public int BatchRows { get; set; } = 16;

    /// <summary>Memory for these, of each model.</summary>
    [Range(32L << 20, 1L << 40)]
    public long BatchMemoryBytes { get; set; } = 512L << 20;

    /// <summary>Longest stretch of speech that goes through the model as one window.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:00:27")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Audio that may wait for a model; a request that comes when more does is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan QueuedAudioLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Requests worked on at once; their windows share the batch.</summary>
    [Range(1, 256)]
    public int ConcurrentRequests { get; set; } = 16;

    /// <summary>Requests that may wait, or send their audio, beside those; one more is refused.</summary>
    [Range(0, 10_000)]
    public int QueueLimit { get; set; } = 64;

    /// <summary>Live streams served at once, beside those requests; one more is refused. 0: none is.</summary>
    [Range(0, 10_000)]
    public int LiveStreams { get; set; } = 32;

    /// <summary>Longest audio of a request; a live stream has no end.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxAudio { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Largest audio of a request, in bytes as sent.</summary>
    [Range(1L, 1L << 40)]
    public long MaxAudioBytes { get; set; } = 1L << 30;

    /// <summary>The ffmpeg to read compressed audio with: a path, or a name on the PATH.</summary>
    [Required]
    public string FfmpegPath { get; set; } = "ffmpeg";

    /// <summary>
    /// Memory for results that the same audio in another file finds again, and as much for audio that is heard ahead to find out;
    /// 0 keeps none.
    /// </summary>
    [Range(0, 1L << 40)]
    public long ResultCacheBytes { get; set; } = 64L << 20;

    /// <summary>How long running requests may take to end once the worker is told to stop.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class TranscriptionOptionsValidator : IValidateOptions<TranscriptionOptions>;
