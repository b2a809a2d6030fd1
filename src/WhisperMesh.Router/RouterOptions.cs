using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Workers.Health;

namespace WhisperMesh.Router;

/// <summary>Settings of the router, section <c>Router</c>.</summary>
internal sealed class RouterOptions
{
    public const string SectionName = "Router";

    /// <summary>File that describes models, workers, upstreams, tenants and routes; relative to the working directory, else to the program's. Unset: none.</summary>
    public string? ConfigurationPath { get; set; }

    /// <summary>Largest upload, in bytes; one byte more is refused and the upload stopped.</summary>
    [Range(1L, long.MaxValue)]
    public long MaxUploadBytes { get; set; } = 1L << 30;

    /// <summary>Folder for uploads in flight. Unset: a folder in the system's temporary one.</summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>Bytes that all uploads in flight together may take, in memory and on disk.</summary>
    [Range(1L, long.MaxValue)]
    public long SpoolQuotaBytes { get; set; } = 16L << 30;

    /// <summary>
    /// Bytes that they may take in memory: of each upload the first 512 KiB, as long as there is room. The rest goes to disk; with 0, all.
    /// </summary>
    [Range(0L, long.MaxValue)]
    public long SpoolMemoryBytes { get; set; } = 64L << 20;

    /// <summary>Longest text to speak, in characters.</summary>
    [Range(1, 1_000_000)]
    public int MaxTextLength { get; set; } = 4096;

    /// <summary>Longest prompt, in characters; a model reads the end of it only.</summary>
    [Range(1, 1_000_000)]
    public int MaxPromptLength { get; set; } = 16_384;

    /// <summary>Other sites whose pages may open WebSockets here, such as <c>https://captions.example.com</c>; the router's own always may.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Compresses what gRPC clients get that accept gzip: less to send, more to compute.</summary>
    public bool CompressReplies { get; set; }

    /// <summary>How long a request waits for what the cache says; after that, and for a second more, there is no cache.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan CacheTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a worker that refused a connection or died is left out while others can serve.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan FailedWorkerPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening a connection to a worker may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How long a worker's connection may stay silent, answers to pings included, before it counts as dead.</summary>
    [Range(typeof(TimeSpan), "00:00:04", "00:10:00")]
    public TimeSpan SilentWorkerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running requests may take to end once the router is told to stop.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a model whose last worker is gone counts as known: callers are told to try again rather than that there is none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan GoneModelMemory { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>When a worker is left out, and how it comes back.</summary>
    [ValidateObjectMembers]
    public HealthOptions Health { get; set; } = new();

    /// <summary>When audio is refused because workers die with it.</summary>
    [ValidateObjectMembers]
    public RefusalOptions Refusal { get; set; } = new();

    /// <summary>How often requests are tried again that a worker had taken.</summary>
    [ValidateObjectMembers]
    public RetryOptions Retries { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class RouterOptionsValidator : IValidateOptions<RouterOptions>;
