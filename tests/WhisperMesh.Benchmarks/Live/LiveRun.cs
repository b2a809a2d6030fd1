using System.Diagnostics;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>All that came of speaking one talk.</summary>
/// <param name="talk">What was said.</param>
/// <param name="bytes">How much of it.</param>
/// <param name="begin">When it began.</param>
internal sealed class LiveRun(Talk talk, int bytes, long begin)
{
    public Talk Talk => talk;

    public int Bytes => bytes;

    public long Begin => begin;

    public List<LiveMoment> Events { get; } = [];

    /// <summary>Why it broke off; null when it came to its end.</summary>
    public string? Failure { get; set; }

    /// <summary>The latest that a piece was sent after it was due: more than the sender's own trouble means that it was held back.</summary>
    public TimeSpan SentLate { get; private set; }

    public LiveSummary? Summary => Events.Count > 0 ? Events[^1].Message.Summary : null;

    public IEnumerable<LiveFinal> Finals => Events.Select(moment => moment.Message.Final).OfType<LiveFinal>();

    public string Text => string.Join(' ', Finals.Select(final => final.Segment.Text));

    /// <summary>What was said in the part that was spoken.</summary>
    public string Reference => string.Join(
        ' ', talk.Parts.Where(part => part.VoiceEnd.TotalSeconds * Talk.BytesPerSecond <= bytes).Select(part => part.Clip.Text));

    /// <summary>When, after the beginning, the piece that holds the byte before this has been spoken and is to be sent.</summary>
    public static TimeSpan DueOf(long position)
    {
        var pieces = (Math.Max(0, position) + LiveSpeaker.PieceBytes - 1) / LiveSpeaker.PieceBytes;
        return LiveSpeaker.Piece * pieces;
    }

    /// <summary>Time between the sending of the sound at this place and a moment.</summary>
    public TimeSpan Lag(TimeSpan place, LiveMoment moment) =>
        Stopwatch.GetElapsedTime(begin, moment.Timestamp) - DueOf((long)Math.Ceiling(place.TotalSeconds * Talk.BytesPerSecond));

    public void OnSent(long position)
    {
        var late = Stopwatch.GetElapsedTime(begin) - DueOf(position);
        SentLate = late > SentLate ? late : SentLate;
    }
}

/// <summary>A message and when it came.</summary>
internal readonly record struct LiveMoment(long Timestamp, StreamLiveResponse Message);
