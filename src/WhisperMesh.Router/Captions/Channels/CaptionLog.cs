using System.Collections.Immutable;
using WhisperMesh.Router.Captions.Shaping;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>What there is of a channel's session: all that its events have told, at whichever router. Immutable.</summary>
internal sealed record CaptionLog
{
    // What a caption takes beside its text: the object, its lines, its place in the list.
    private const int CaptionOverhead = 250;
    private const int TextCopies = 2;

    public static CaptionLog Empty { get; } = new();

    public string Run { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public ImmutableList<Caption> Captions { get; init; } = [];

    public string State { get; init; } = CaptionStates.Live;

    public string Language { get; init; } = "";

    public TimeSpan Received { get; init; }

    /// <summary>Before this nothing will change.</summary>
    public TimeSpan Settled { get; init; }

    public CaptionEvent? Tentative { get; init; }

    public CaptionEvent? Status { get; init; }

    /// <summary>Memory that it takes, about.</summary>
    public long Bytes { get; init; }

    public long LastId => Captions.Count == 0 ? 0 : Captions[^1].Id;

    public bool HasEnded => State == CaptionStates.Ended;

    /// <summary>How long it is, with the captions that still stand when the speaker has ended.</summary>
    public TimeSpan Duration => Captions.Count > 0 && Captions[^1].End > Received ? Captions[^1].End : Received;

    public CaptionLog Apply(CaptionEvent change, CaptionOptions options) => change.Type switch
    {
        CaptionEventTypes.Started when change.Run != Run => new CaptionLog { Run = change.Run, StartedAt = change.StartedAt ?? default },
        _ when change.Run != Run || HasEnded => this,
        CaptionEventTypes.Caption => Add(change.ToCaption(), options),
        CaptionEventTypes.Tentative => Progress(change) with { Tentative = change, Language = change.Language ?? Language },
        CaptionEventTypes.Status => Progress(change) with { Status = change, State = change.State ?? State },
        CaptionEventTypes.Ended => Progress(change) with { State = CaptionStates.Ended, Tentative = null },
        _ => this,
    };

    /// <summary>Lets go of the oldest captions.</summary>
    public CaptionLog Forget(int count)
    {
        var log = this;
        for (; count > 0 && log.Captions.Count > 0; count--)
        {
            log = log with { Bytes = log.Bytes - SizeOf(log.Captions[0]), Captions = log.Captions.RemoveAt(0) };
        }

        return log;
    }

    private CaptionLog Add(Caption caption, CaptionOptions options)
    {
        if (caption.Id <= LastId)
        {
            return this;
        }

        var captions = Captions;
        if (captions.Count > 0 && captions[^1].End > caption.Start - options.MinimumGap)
        {
            captions = captions.SetItem(captions.Count - 1, captions[^1] with { End = caption.Start - options.MinimumGap });
        }

        var log = this with { Captions = captions.Add(caption), Bytes = Bytes + SizeOf(caption), Tentative = null };
        return log.Forget(log.Captions.Count - options.MaxCaptions);
    }

    private CaptionLog Progress(CaptionEvent change)
    {
        var captions = Captions;
        if (change.LastEnd is { } end && change.LastId == LastId && captions.Count > 0)
        {
            captions = captions.SetItem(captions.Count - 1, captions[^1] with { End = CaptionEvent.Time(end) });
        }

        return this with
        {
            Captions = captions,
            Received = Later(Received, change.Received),
            Settled = Later(Settled, change.Settled),
        };
    }

    private static TimeSpan Later(TimeSpan known, double? told) =>
        told is { } seconds && CaptionEvent.Time(seconds) is var time && time > known ? time : known;

    private static long SizeOf(Caption caption) => CaptionOverhead + ((long)caption.Text.Length * sizeof(char) * TextCopies);
}
