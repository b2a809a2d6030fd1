using System.Threading.Channels;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>Tells what happens, and with it how far the stream is. Waits where nobody listens. Not thread-safe.</summary>
internal sealed class LiveTeller(ChannelWriter<LiveEvent> events, LiveInbox inbox, long start, CancellationToken cancellationToken)
{
    /// <summary>Audio after which something is told even where nothing happens.</summary>
    private const long LongestSilence = 5 * LogMel.SampleRateHz;

    private long _committed = start;
    private long _toldAt = start;

    /// <summary>Whether nothing has been told for so long that it is time for a sign of life.</summary>
    public bool IsOverdue(long position) => position - _toldAt >= LongestSilence;

    /// <summary>Every word before this place is committed.</summary>
    public void Commit(long place) => _committed = Math.Max(_committed, place);

    public ValueTask TellAsync(LiveEvent happened)
    {
        var received = inbox.Received;
        _toldAt = received;
        return events.WriteAsync(
            happened with { Received = LiveTime.Of(received), Committed = LiveTime.Of(Math.Min(_committed, received)) }, cancellationToken);
    }
}
