using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Live;

namespace WhisperMesh.Router.Realtime;

/// <summary>A part of the stream that one live session serves; a change of settings may begin another.</summary>
/// <param name="connection">The session.</param>
/// <param name="settings">What it was opened with.</param>
/// <param name="begin">Where on the whole stream it begins.</param>
internal sealed class RealtimePart(ILiveConnection connection, RealtimeSettings settings, TimeSpan begin)
{
    public ILiveConnection Connection => connection;

    public RealtimeSettings Settings => settings;

    public TimeSpan Begin => begin;

    /// <summary>How turns are told in it; null: the client ends items.</summary>
    public TurnDetection? Turns => settings.TurnDetection;

    /// <summary>Bytes that it was sent.</summary>
    public long Sent { get; set; }

    /// <summary>Where it ends so far.</summary>
    public TimeSpan End => begin + settings.Format.TimeOf(Sent);

    /// <summary>A place of it, on the whole stream.</summary>
    public TimeSpan TimeOf(Duration? offset) => begin + (offset?.ToTimeSpan() ?? TimeSpan.Zero);

    public TimeSpan TimeOf(long position) => begin + settings.Format.TimeOf(position);
}
