using System.Collections.Immutable;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>What happens on a channel, as viewers and other routers are told. Times are seconds from the start of the stream.</summary>
internal sealed record CaptionEvent
{
    public required string Type { get; init; }

    /// <summary>Which session of the channel it belongs to.</summary>
    public required string Run { get; init; }

    /// <summary>Of a caption: counts from 1. Of an end: that of the last caption.</summary>
    public long? Id { get; init; }

    public double? Start { get; init; }

    public double? End { get; init; }

    /// <summary>Of a caption: all of it. Of something tentative: words that will not change, of the caption to come.</summary>
    public string? Text { get; init; }

    /// <summary><see cref="Text"/> broken into lines.</summary>
    public ImmutableArray<string>? Lines { get; init; }

    /// <summary>False where no space stands between the caption before and this one; else unset.</summary>
    public bool? Spaced { get; init; }

    /// <summary>True for the first caption of an utterance; else unset.</summary>
    public bool? BeginsUtterance { get; init; }

    /// <summary>What seems to follow on <see cref="Text"/>, with its space.</summary>
    public string? Tentative { get; init; }

    /// <summary>How likely <see cref="Tentative"/> is to stay.</summary>
    public float? Stability { get; init; }

    public string? Language { get; init; }

    /// <summary>One of <see cref="CaptionStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>Speech that waits for its words.</summary>
    public double? Lag { get; init; }

    /// <summary>Whether the machine is too busy to be quick.</summary>
    public bool? Busy { get; init; }

    public string? Message { get; init; }

    /// <summary>Audio received.</summary>
    public double? Received { get; init; }

    /// <summary>Before this nothing will change.</summary>
    public double? Settled { get; init; }

    /// <summary>When the last caption goes, as is known by now.</summary>
    public double? LastEnd { get; init; }

    /// <summary>Id of the last caption; 0: none.</summary>
    public long? LastId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public static CaptionEvent Of(string run, Caption caption) => new()
    {
        Type = CaptionEventTypes.Caption,
        Run = run,
        Id = caption.Id,
        Start = caption.Start.TotalSeconds,
        End = caption.End.TotalSeconds,
        Text = caption.Text,
        Lines = caption.Lines,
        Spaced = caption.Spaced ? null : false,
        BeginsUtterance = caption.BeginsUtterance ? true : null,
    };

    /// <summary>A time as it was before it became seconds: captions keep whole milliseconds.</summary>
    public static TimeSpan Time(double seconds) => TimeSpan.FromMilliseconds((long)Math.Round(seconds * 1000));

    /// <summary>The caption of an event that has one.</summary>
    public Caption ToCaption() => new(
        Id ?? 0, Time(Start ?? 0), Time(End ?? 0), Text ?? "", Lines ?? [])
    {
        Spaced = Spaced != false,
        BeginsUtterance = BeginsUtterance == true,
    };
}

internal static class CaptionEventTypes
{
    /// <summary>A session has begun under the name: what was before is gone from the screen.</summary>
    public const string Started = "started";

    /// <summary>A complete caption; will not change.</summary>
    public const string Caption = "caption";

    /// <summary>What is known of the next caption; replaces what was told of it before.</summary>
    public const string Tentative = "tentative";

    /// <summary>How the channel is served.</summary>
    public const string Status = "status";

    /// <summary>No more captions come.</summary>
    public const string Ended = "ended";

    /// <summary>All that a viewer needs to go on from now.</summary>
    public const string State = "state";
}

internal static class CaptionStates
{
    public const string Live = "live";

    /// <summary>Nothing comes from the speaker's side, who may yet come back.</summary>
    public const string Paused = "paused";

    public const string Ended = "ended";
}
