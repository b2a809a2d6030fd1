using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// One live stream: what its client sent and was told. Between the two stands a worker, which <see cref="LiveRelay"/> brings and
/// replaces. One lock guards all state; observers are called with it held, so that they see every event in order.
/// </summary>
internal sealed partial class LiveSession : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LiveSignal _sent = new();
    private readonly LiveSignal _room = new();
    private readonly LiveSignal _told = new();
    private readonly LiveTail _tail;
    private readonly LiveEventLog _log;
    private readonly LiveTranscript _transcript;
    private readonly LiveObservers _observers;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _whenStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveSessionInfo _info;
    private LiveProgress _progress;
    private string _workerId = "";
    private int _attempts;
    private bool _attached;
    private bool _completed;
    private long _lostBytes;
    private MeshException? _ending;

    public LiveSession(LiveRequest request, LiveAccount account, LiveObservers observers, LiveOptions options, TimeProvider time)
    {
        (Request, Account, Options, _observers, _time) = (request, account, options, observers, time);
        var position = request.Resume?.Checkpoint.Position ?? 0;
        _tail = new LiveTail(request.Format, position);
        _log = new LiveEventLog(options.KeptEvents, request.Resume?.LastEventNumber ?? 0);
        _transcript = new LiveTranscript(request.Resume);
        _progress = new LiveProgress { AudioCommitted = request.Resume?.Checkpoint.Offset ?? new Duration() };
        _info = new LiveSessionInfo(request.Id, request.TenantId, request.Asked.CaptionName, time.GetUtcNow());
        BeganAt = _heardAt = time.GetTimestamp();
        Format = request.Format;
        BeginsAt = position;
    }

    public LiveRequest Request { get; }

    public LiveAccount Account { get; }

    public LiveOptions Options { get; }

    public LiveFormat Format { get; }

    /// <summary>With it a client comes back.</summary>
    public LiveToken Token { get; } = LiveToken.Create();

    /// <summary>Where its audio begins: 0, or where it was at another router.</summary>
    public long BeginsAt { get; }

    public long BeganAt { get; }

    /// <summary>Cancelled when it is to end at once.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Its span, under that of the connection which began it; null where nobody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>Ends when it has ended, usage and all.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    public LiveSessionInfo Info => Volatile.Read(ref _info);

    /// <summary>Whether nothing follows any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why it failed, or was ended before its client wanted; null: it did not, or not yet.</summary>
    public MeshException? Failure { get; private set; }

    /// <summary>Ends when a worker has taken it, or fails as it does.</summary>
    public Task WhenStarted => _whenStarted.Task;

    /// <summary>Workers that were asked.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Audio received, here.</summary>
    public TimeSpan Audio
    {
        get
        {
            lock (_gate)
            {
                return Format.TimeOf(_tail.End - BeginsAt);
            }
        }
    }

    /// <summary>Nothing more is taken; the worker tells what it has heard, then the session ends for this reason.</summary>
    public void EndGently(MeshException reason)
    {
        lock (_gate)
        {
            if (IsOver || _ending is not null)
            {
                return;
            }

            _ending = reason;
            Note(reason.Message);
            CompleteLocked();
        }
    }

    /// <summary>Ends now.</summary>
    public void EndAtOnce(MeshException reason, string? message = null)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return;
            }

            if (message is not null)
            {
                Note(message);
            }

            Finish(_ending ?? reason);
        }

        _end.Cancel();
    }

    /// <summary>Once nobody can reach it any more.</summary>
    public void Dispose()
    {
        Account.Dispose();
        _end.Dispose();
    }

    private void CompleteLocked()
    {
        if (!_completed)
        {
            _completed = true;
            _tail.Add(new LiveItem(LiveItemKind.End, _tail.End));
            _sent.Pulse();
            _room.Pulse();
        }
    }

    private void Finish(MeshException? failure)
    {
        if (IsOver)
        {
            return;
        }

        (IsOver, Failure) = (true, failure);
        _overAt = _time.GetTimestamp();
        _tail.Clear();
        _told.Pulse();
        _room.Pulse();
        _sent.Pulse();
        if (_started)
        {
            _observers.OnEnded(Info);
        }
        else
        {
            _whenStarted.TrySetException(failure ?? LiveErrors.Abandoned());
        }
    }

    private void Note(string message) => Tell(new StreamLiveResponse { Status = new LiveStatus { WorkerId = _workerId, Message = message } });

    /// <summary>Numbers an event and passes it to all who look on.</summary>
    private void Tell(StreamLiveResponse message)
    {
        Advance(message.Progress);
        message.Progress = _progress;
        _log.Add(message);
        Volatile.Write(ref _info, Describe(message));
        _observers.OnEvent(Info, message);
        _told.Pulse();
    }

    // What counts is what has come here: audio that is still on its way to the worker waits for its words as well.
    private void Advance(LiveProgress? worker)
    {
        var committed = Later(_progress.AudioCommitted, worker?.AudioCommitted);
        _progress = new LiveProgress
        {
            AudioReceived = Format.DurationOf(_tail.End),
            AudioCommitted = committed,
            ReceivedPosition = _tail.End,
            AcknowledgedPosition = _acknowledged,
        };
    }

    private LiveSessionInfo Describe(StreamLiveResponse message) => _info with
    {
        WorkerId = _attached ? _workerId : "",
        Model = message.Started?.Model ?? _info.Model,
        Language = _transcript.Language,
        Received = _progress.AudioReceived.ToTimeSpan(),
        Committed = _progress.AudioCommitted.ToTimeSpan(),
        Busy = message.Status is { } status && status.Load != LiveLoad.Unspecified ? status.Load == LiveLoad.Busy : _info.Busy,
        Connected = _client is not null,
    };

    private static Duration Later(Duration one, Duration? other) => other is not null && other.ToTimeSpan() > one.ToTimeSpan() ? other : one;
}
