using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Sends on the events of one worker, and of those that take over from it, as those of one: one `started`, `progress` that only grows,
/// and no speech twice. Knows from where the next worker has to go on.
/// </summary>
/// <param name="send">Where events go.</param>
/// <param name="renewsStart">Whether the start of a next worker is sent too, as long as nothing else has been.</param>
/// <param name="from">What is before this, the client has already.</param>
internal sealed class ResumingTranscript(
    Func<StreamTranscribeResponse, CancellationToken, ValueTask> send, bool renewsStart = false, TimeSpan from = default)
    : IRelaySink<StreamTranscribeResponse>
{
    private const int MixedChannels = -1;

    // Of each channel, which may be spoken on at the same time; mixed ones count as one.
    private readonly Dictionary<int, TimeSpan> _sentUntil = [];
    private readonly List<(TimeSpan Start, TimeSpan End)> _sent = [];
    private readonly List<string> _languages = [];
    private readonly TimeSpan _from = from;
    private TimeSpan _received;
    private TimeSpan _processed = from;
    private TimeSpan _speechBefore;
    private bool _started;
    private bool _restarted;

    /// <summary>All speech before this has been sent: the next worker goes on from here.</summary>
    /// <remarks>
    /// Of mixed channels, the last segment says more than the last progress, which comes seldom. Of separate ones it speaks for its
    /// own channel only.
    /// </remarks>
    public TimeSpan Done => _sentUntil.TryGetValue(MixedChannels, out var sent) && sent > _processed ? sent : _processed;

    /// <summary>Whether any audio is done.</summary>
    public bool HasMoved => Done > _from;

    /// <summary>The language of all segments; null when none was sent, when they differ, or when one channel only was heard of several.</summary>
    public string? Language => _languages is [var language] && (_sentUntil.ContainsKey(MixedChannels) || _sentUntil.Count > 1) ? language : null;

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken) => message.EventCase switch
    {
        StreamTranscribeResponse.EventOneofCase.Started => StartAsync(message, cancellationToken),
        StreamTranscribeResponse.EventOneofCase.Segment => SegmentAsync(message, cancellationToken),
        StreamTranscribeResponse.EventOneofCase.Progress => ProgressAsync(message, cancellationToken),
        _ => SummaryAsync(message, cancellationToken),
    };

    public bool TryRestart() => _restarted = true;

    /// <summary>The next worker goes on from <see cref="Done"/>, and counts no speech before it.</summary>
    public TimeSpan Resume()
    {
        var done = Done;
        _speechBefore = new TimeSpan(_sent.Sum(segment => Math.Max(0, (Earlier(segment.End, done) - segment.Start).Ticks)));
        return done;
    }

    private ValueTask StartAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        if (_started && !(renewsStart && _sent.Count == 0 && _received == TimeSpan.Zero))
        {
            return ValueTask.CompletedTask;
        }

        _started = true;
        return send(message, cancellationToken);
    }

    private ValueTask SegmentAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        var segment = message.Segment;
        var start = segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero;
        var duration = segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero;

        var channel = segment.HasChannel ? segment.Channel : MixedChannels;

        // Two workers may cut the same speech at slightly different places; the middle of a segment says whether it was heard.
        if ((_restarted && start + (duration / 2) < _sentUntil.GetValueOrDefault(channel)) || (duration > TimeSpan.Zero && start + duration <= _from))
        {
            return ValueTask.CompletedTask;
        }

        segment.Index = _sent.Count;
        if (!_languages.Contains(segment.LanguageCode))
        {
            _languages.Add(segment.LanguageCode);
        }

        _sentUntil[channel] = start + duration;
        _sent.Add((start, start + duration));
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

    private ValueTask SummaryAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        if (message.Summary is { } summary)
        {
            summary.SegmentCount = _sent.Count;
            var speech = (summary.SpeechDuration?.ToTimeSpan() ?? TimeSpan.Zero) + _speechBefore;
            if (_speechBefore > TimeSpan.Zero)
            {
                summary.SpeechDuration = Duration.FromTimeSpan(speech);
            }
        }

        return send(message, cancellationToken);
    }

    private static TimeSpan Later(TimeSpan known, Duration? reported)
    {
        var value = reported?.ToTimeSpan() ?? TimeSpan.Zero;
        return value > known ? value : known;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
