using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>The side of the worker: what it gets to begin with or to go on, and what becomes of its words.</summary>
internal sealed partial class LiveSession
{
    // Silence that is kept for another worker, to hear where speech begins, and how much more before the rest is let go.
    private static readonly TimeSpan KeptSilence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(30);

    private WorkerHold? _worker;
    private StreamLiveResponse? _summary;
    private long _acknowledged;
    private bool _started;

    /// <summary>Counts words and finals that workers brought.</summary>
    public long Told
    {
        get
        {
            lock (_gate)
            {
                return _transcript.Told;
            }
        }
    }

    /// <summary>How long the stream is so far, and how much of that a worker is done with.</summary>
    public (TimeSpan Received, TimeSpan Committed) Progress
    {
        get
        {
            lock (_gate)
            {
                return (Format.TimeOf(_tail.End), _progress.AudioCommitted.ToTimeSpan());
            }
        }
    }

    /// <summary>A worker is asked: from here on it gets all that is kept, and nothing of that is given up.</summary>
    /// <returns>Its config, how much audio it gets at once, and how much was lost before.</returns>
    public (LiveConfig Config, TimeSpan Kept, TimeSpan Lost) Attach(WorkerHold worker)
    {
        lock (_gate)
        {
            var lost = Format.TimeOf(_lostBytes);
            (_worker, _attached) = (worker, true);
            _attempts++;
            TellLost();
            var config = Request.Config.Clone();
            (config.Model, config.Attempt) = (worker.Model, _attempts);
            config.Resume = _transcript.GiveAway();
            return (config, Format.TimeOf(_tail.Bytes), lost);
        }
    }

    /// <summary>The worker is no longer there, or never was.</summary>
    /// <returns>How often it said again, or otherwise, what had been told.</returns>
    public int Detach()
    {
        lock (_gate)
        {
            _attached = false;
            _room.Pulse();
            var corrected = _transcript.Corrected;
            _transcript.Corrected = 0;
            return corrected;
        }
    }

    /// <summary>Tells the client of a worker that had the stream.</summary>
    public void OnLost(string message)
    {
        lock (_gate)
        {
            if (!IsOver)
            {
                Note(message);
            }
        }
    }

    /// <summary>The worker has taken the stream.</summary>
    public void OnStarted(LiveStarted started)
    {
        lock (_gate)
        {
            var worker = _worker!;
            _workerId = worker.WorkerId;
            if (_started)
            {
                Note($"The worker {worker.WorkerId} has taken the stream over.");
                return;
            }

            _started = true;
            var message = started.Clone();
            message.RequestId = Request.Id;
            message.WorkerId = worker.WorkerId;
            message.Route = RouteNotes.Of(Request.Plan, worker, _attempts);
            message.ResumeToken = Token.Text;
            message.Resumed = Request.Resume is not null;
            message.Position = _tail.End;
            _observers.OnStarted(Info with { WorkerId = worker.WorkerId, Model = message.Model });
            Tell(new StreamLiveResponse { Started = message });
            _whenStarted.TrySetResult();
        }
    }

    /// <summary>The next for the worker, after those that it got.</summary>
    /// <returns>Whether there is one; else what to wait for.</returns>
    public bool TryTake(ref long number, out LiveItem item, out Task wait)
    {
        lock (_gate)
        {
            wait = Task.CompletedTask;
            if (_tail.TryTake(ref number, out item))
            {
                return true;
            }

            wait = _sent.Next();
            return false;
        }
    }

    /// <summary>An event of the worker.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Accept(StreamLiveResponse message)
    {
        lock (_gate)
        {
            if (IsOver || message.EventCase is StreamLiveResponse.EventOneofCase.None or StreamLiveResponse.EventOneofCase.Started)
            {
                return IsOver;
            }

            if (!_transcript.Accept(message))
            {
                Advance(message.Progress);
                return false;
            }

            switch (message.EventCase)
            {
                case StreamLiveResponse.EventOneofCase.Final when message.Final.Checkpoint is { } checkpoint:
                    _acknowledged = Math.Max(_acknowledged, checkpoint.Position);
                    _tail.Acknowledge(checkpoint.Position, message.Final.Reason);
                    _room.Pulse();
                    break;
                case StreamLiveResponse.EventOneofCase.Status:
                    message.Status.WorkerId = _workerId;
                    break;
                case StreamLiveResponse.EventOneofCase.Summary:
                    Conclude(message.Summary);
                    _summary = message;
                    return true;
            }

            Tell(message);
            PassSilence();
            return false;
        }
    }

    /// <summary>The end: passes on the summary, which was kept back until its usage was written.</summary>
    public void Conclude(MeshException? failure)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return;
            }

            if (failure is not null && _started)
            {
                TellLost();
            }
            else if (_summary is not null)
            {
                Tell(_summary);
            }

            Finish(failure ?? _ending);
        }
    }

    private void Conclude(LiveSummary summary)
    {
        var worker = _worker!;
        (summary.RequestId, summary.WorkerId) = (Request.Id, worker.WorkerId);
        summary.AudioDuration = Format.DurationOf(_tail.End);
        summary.UtteranceCount = _transcript.UtterancesWithText;
        summary.Route = RouteNotes.Of(Request.Plan, worker, _attempts);
        if (_attempts > 1)
        {
            summary.Warnings.Add("Another worker has taken the stream over: passes and decoding time are those of the last one.");
        }
    }

    // Nothing is said in long silence, so no utterance ends either: the checkpoint moves on without one.
    private void PassSilence()
    {
        var committed = _progress.AudioCommitted.ToTimeSpan() - KeptSilence;
        if (_transcript.IsOpen || committed - Format.TimeOf(_tail.Start) < LongSilence)
        {
            return;
        }

        var position = Format.AlignUp((long)(committed.TotalSeconds * Format.BytesPerSecond));
        _transcript.Pass(position, Format.DurationOf(position));
        _tail.Acknowledge(position, EndpointReason.Unspecified);
        _room.Pulse();
    }

    private void TellLost()
    {
        if (_lostBytes == 0)
        {
            return;
        }

        var (lost, offset) = (Format.DurationOf(_lostBytes), Format.DurationOf(_tail.Start));
        _lostBytes = 0;
        _progress.AudioCommitted = offset;
        _acknowledged = _tail.Start;
        if (_transcript.Cut(_tail.Start, offset) is { } final)
        {
            Tell(new StreamLiveResponse { Final = final });
        }

        Tell(new StreamLiveResponse
        {
            Status = new LiveStatus
            {
                WorkerId = _workerId,
                Message = "No worker was there for so long that not all audio could be kept: some is lost to the text.",
                LostAudio = lost,
            },
        });
    }
}
