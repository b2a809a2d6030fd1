using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Captions;

/// <summary>How captions are shaped, kept and shown, section <c>Router:Captions</c>.</summary>
internal sealed class CaptionOptions
{
    public const string SectionName = "Router:Captions";

    /// <summary>Most characters of a line; East Asian wide ones count double.</summary>
    [Range(10, 200)]
    public int LineLength { get; set; } = 42;

    /// <summary>Most lines of a caption.</summary>
    [Range(1, 4)]
    public int Lines { get; set; } = 2;

    /// <summary>Characters that a viewer reads in a second; East Asian wide ones count double.</summary>
    [Range(5d, 60d)]
    public double CharactersPerSecond { get; set; } = 17;

    /// <summary>Shortest time on the screen.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:00:05")]
    public TimeSpan MinimumDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time on the screen.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:00:30")]
    public TimeSpan MaximumDuration { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>Empty screen between two captions.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan MinimumGap { get; set; } = TimeSpan.FromMilliseconds(80);

    /// <summary>How far a caption may come behind its words so that the one before can be read.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ReadingDelay { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Silence after which a caption is complete, whatever its length.</summary>
    [Range(typeof(TimeSpan), "00:00:00.300", "00:00:10")]
    public TimeSpan PauseDuration { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long captions are kept after the last of them.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Captions kept of one session; the oldest go first.</summary>
    [Range(10, 1_000_000)]
    public int MaxCaptions { get; set; } = 50_000;

    /// <summary>Names kept, at this router and in Redis; those that ended longest ago go first.</summary>
    [Range(1, 100_000)]
    public int MaxChannels { get; set; } = 1000;

    /// <summary>Bytes of captions that this router holds in memory, about.</summary>
    [Range(64L * 1024, long.MaxValue)]
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Viewers that may be connected to this router.</summary>
    [Range(1, 1_000_000)]
    public int MaxViewers { get; set; } = 5000;

    /// <summary>Captions that may wait for a viewer that is slow; one more and it is taken to the present.</summary>
    [Range(4, 10_000)]
    public int ViewerQueue { get; set; } = 64;

    /// <summary>How long one message may take to reach a viewer before the connection is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ViewerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Length of a segment of the HLS playlist, whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan SegmentDuration { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How much of the past the HLS playlist lists.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan PlaylistDuration { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class CaptionOptionsValidator : IValidateOptions<CaptionOptions>;

/// <summary>What no single setting shows.</summary>
internal sealed class CaptionSettingsValidator : IValidateOptions<CaptionOptions>
{
    private const int LeastSegments = 3;

    public ValidateOptionsResult Validate(string? name, CaptionOptions options)
    {
        List<string> errors = [];
        if (options.SegmentDuration.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            errors.Add("Router:Captions:SegmentDuration must be whole seconds, as HLS wants its target duration.");
        }

        if (options.PlaylistDuration < options.SegmentDuration * LeastSegments)
        {
            errors.Add($"Router:Captions:PlaylistDuration must be at least {LeastSegments} times SegmentDuration.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
