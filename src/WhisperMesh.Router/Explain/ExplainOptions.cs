using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Explain;

/// <summary>What is kept of requests for those who ask why, section <c>Router:Requests</c>.</summary>
internal sealed class ExplainOptions
{
    public const string SectionName = "Router:Requests";

    /// <summary>Whether records are kept at all.</summary>
    public bool Keep { get; set; } = true;

    /// <summary>How long a record is kept, in memory and in Redis.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Records that this router keeps in memory; the oldest go first.</summary>
    [Range(1, 1_000_000)]
    public int MemoryRecords { get; set; } = 2000;

    /// <summary>Bytes that these may take.</summary>
    [Range(64 * 1024, 4L << 30)]
    public long MemoryBytes { get; set; } = 16 << 20;

    /// <summary>Requests of each tenant that Redis lists, and keeps; the oldest go first.</summary>
    [Range(1, 100_000)]
    public int ListedPerTenant { get; set; } = 1000;

    /// <summary>A request is slow when it takes longer than this and, beside it, than <see cref="SlowRealTimeFactor"/> times its audio.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for a second of audio that is not yet slow, in seconds.</summary>
    [Range(0.0, 1000.0)]
    public double SlowRealTimeFactor { get; set; } = 0.5;

    /// <summary>A live session is slow when its words were once this late.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan SlowLag { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class ExplainOptionsValidator : IValidateOptions<ExplainOptions>;
