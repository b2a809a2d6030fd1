using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Audio;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Live;

/// <summary>How far a stream is. Whoever feeds says what was received, whoever tells the events says the rest.</summary>
internal sealed class LiveProgressMeter(RawSampleReader audio)
{
    private long _received = audio.Position;
    private long _acknowledged = audio.Position;
    private TimeSpan _committed;
    private volatile bool _isOver;

    /// <summary>Whether all audio was received.</summary>
    public bool IsOver => _isOver;

    /// <summary>Audio received.</summary>
    public TimeSpan Received => audio.TimeOf(Volatile.Read(ref _received));

    public LiveProgress Now => new()
    {
        AudioReceived = Received.ToDuration(),
        AudioCommitted = _committed.ToDuration(),
        ReceivedPosition = Volatile.Read(ref _received),
        AcknowledgedPosition = _acknowledged,
    };

    /// <summary>All before this byte was received.</summary>
    public void OnReceived(long position) => Volatile.Write(ref _received, position);

    /// <summary>No more audio will be.</summary>
    public void OnOver() => _isOver = true;

    /// <summary>All words before this are committed.</summary>
    public void OnCommitted(TimeSpan committed) => _committed = committed > _committed ? committed : _committed;

    /// <summary>There is a checkpoint at this byte.</summary>
    public void OnCheckpoint(long position) => _acknowledged = Math.Max(_acknowledged, position);
}
