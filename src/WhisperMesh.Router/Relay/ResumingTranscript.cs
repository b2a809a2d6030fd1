using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Sends the events of one worker, or of a second one that begins again from the start, to a client that sees them at once: one
/// `started`, `progress` that only grows, and no speech twice.
/// </summary>
internal sealed class ResumingTranscript(Func<StreamTranscribeResponse, CancellationToken, ValueTask> send)
    : IRelaySink<StreamTranscribeResponse>
{
    private const int MixedChannels = -1;

    // Of each channel, which may be spoken on at the same time; mixed ones count as one.
    private readonly Dictionary<int, TimeSpan> _sentUntil = [];
    private TimeSpan _received;
    private TimeSpan _processed;
    private bool _started;
    private bool _restarted;
    private int _segments;

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken) => message.EventCase switch
    {
        StreamTranscribeResponse.EventOneofCase.Started when _started => ValueTask.CompletedTask,
        StreamTranscribeResponse.EventOneofCase.Segment => SegmentAsync(message, cancellationToken),
        StreamTranscribeResponse.EventOneofCase.Progress => ProgressAsync(message, cancellationToken),
        _ => OtherAsync(message, cancellationToken),
    };

    public bool TryRestart() => _restarted = true;

    private ValueTask SegmentAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        var segment = message.Segment;
        var start = segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero;
        var duration = segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero;

        var channel = segment.HasChannel ? segment.Channel : MixedChannels;

        // Two workers may cut the same speech at slightly different places; the middle of a segment says whether it was heard.
        if (_restarted && start + (duration / 2) < _sentUntil.GetValueOrDefault(channel))
        {
            return ValueTask.CompletedTask;
        }

        segment.Index = _segments++;
        _sentUntil[channel] = start + duration;
        return send(message, cancellationToken);
    }

    private ValueTask ProgressAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        var progress = message.Progress;
        _received = Later(_received, progress.AudioReceived);
        _processed = Later(_processed, progress.AudioProcessed);
        progress.AudioReceived = Duration.FromTimeSpan(_received);
        progress.AudioProcessed = Duration.FromTimeSpan(_processed);
        return send(message, cancellationToken);
    }

    private ValueTask OtherAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        _started = true;
        if (message.Summary is { } summary)
        {
            summary.SegmentCount = _segments;
        }

        return send(message, cancellationToken);
    }

    private static TimeSpan Later(TimeSpan known, Duration? reported)
    {
        var value = reported?.ToTimeSpan() ?? TimeSpan.Zero;
        return value > known ? value : known;
    }
}
