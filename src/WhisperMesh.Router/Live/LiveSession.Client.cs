using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>The side of the client: it connects, sends, reads, goes and may come back.</summary>
internal sealed partial class LiveSession
{
    private const int MaxAudioBytes = 65_536;

    // Messages that are kept, however small.
    private const int MaxItems = 200_000;

    private LiveConnection? _client;
    private long _clientGoneAt;
    private long _heardAt;
    private long _overAt;

    /// <summary>A client connects; one that was connected before is cut off.</summary>
    /// <returns>What greets it, null for the first, whose greeting is an event; and after which event it goes on.</returns>
    public (StreamLiveResponse? Greeting, long After) Connect(LiveConnection client, LiveResume? resume)
    {
        lock (_gate)
        {
            _client = client;
            _heardAt = _time.GetTimestamp();
            Volatile.Write(ref _info, _info with { Connected = true });
            _told.Pulse();
            _room.Pulse();
            return resume is null
                ? (null, Request.Resume?.LastEventNumber ?? 0)
                : (Greet(resume), Math.Max(resume.LastEventNumber, _log.Lost));
        }
    }

    /// <summary>A client is gone: for good, or to come back.</summary>
    public void Disconnect(LiveConnection client)
    {
        lock (_gate)
        {
            if (_client == client)
            {
                _client = null;
                _clientGoneAt = _time.GetTimestamp();
                Volatile.Write(ref _info, _info with { Connected = false });
            }
        }
    }

    public async ValueTask SendAsync(LiveConnection client, StreamLiveRequest message, CancellationToken cancellationToken)
    {
        if (message.PayloadCase == StreamLiveRequest.PayloadOneofCase.Audio)
        {
            await PayAsync(message.Audio, cancellationToken);
        }

        while (true)
        {
            Task room;
            lock (_gate)
            {
                CheckOpen(client);
                var item = Read(message);
                if (TryTake(item))
                {
                    return;
                }

                room = _room.Next();
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    public void Complete(LiveConnection client)
    {
        lock (_gate)
        {
            CheckClient(client);
            if (!IsOver)
            {
                CompleteLocked();
            }
        }
    }

    /// <summary>The first event after a number.</summary>
    /// <returns>The event; without one, what to wait for; without either, nothing follows.</returns>
    public (StreamLiveResponse? Message, Task? Wait) Next(LiveConnection client, long after)
    {
        lock (_gate)
        {
            CheckClient(client);
            if (_log.Lost > after)
            {
                throw LiveErrors.TooSlow();
            }

            return _log.After(after) is { } message ? (message, null)
                : !IsOver ? (null, _told.Next())
                : Failure is null ? (null, null)
                : throw Failure;
        }
    }

    private void CheckClient(LiveConnection client)
    {
        if (_client != client)
        {
            throw LiveErrors.TakenOver();
        }
    }

    private void CheckOpen(LiveConnection client)
    {
        CheckClient(client);
        if (_ending is not null || (IsOver && Failure is not null))
        {
            throw _ending ?? Failure!;
        }

        if (_completed || IsOver)
        {
            throw LiveErrors.Ended();
        }
    }

    private async ValueTask PayAsync(LiveAudio audio, CancellationToken cancellationToken)
    {
        try
        {
            await Account.EnsureAsync(Audio + Format.TimeOf(audio.Data.Length), cancellationToken);
        }
        catch (MeshException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            EndGently(e);
            throw;
        }
    }

    private LiveItem Read(StreamLiveRequest message)
    {
        switch (message.PayloadCase)
        {
            case StreamLiveRequest.PayloadOneofCase.Audio when message.Audio.Data.Length > MaxAudioBytes:
                throw MeshException.InvalidArgument("audio.data", $"One message may carry at most {MaxAudioBytes} bytes of audio.");
            case StreamLiveRequest.PayloadOneofCase.Audio:
                var position = message.Audio.HasPosition ? message.Audio.Position : _tail.End;
                if (position < 0 || position > _tail.End)
                {
                    throw LiveErrors.Gap(position, _tail.End);
                }

                var item = new LiveItem(LiveItemKind.Audio, position, message.Audio.Data);
                return item.End <= _tail.End ? LiveItem.Nothing(_tail.End) : item.From(_tail.End);
            case StreamLiveRequest.PayloadOneofCase.Commit:
                return new LiveItem(LiveItemKind.Commit, _tail.End);
            case StreamLiveRequest.PayloadOneofCase.Clear:
                return new LiveItem(LiveItemKind.Clear, _tail.End);
            case StreamLiveRequest.PayloadOneofCase.Config:
                throw MeshException.FailedPrecondition(ErrorReasons.ConfigRepeated, "`config` may be sent once only.");
            default:
                throw MeshException.InvalidArgument("payload", "A message after the first must carry `audio`, `commit` or `clear`.");
        }
    }

    // False: the worker has to catch up first. Where there is none, the oldest has to go.
    private bool TryTake(LiveItem item)
    {
        _heardAt = _time.GetTimestamp();
        if (item.IsNothing)
        {
            return true;
        }

        if (item.Kind == LiveItemKind.Audio && _tail.Bytes > 0 && _tail.Bytes + item.Data.Length > Request.TailBytes)
        {
            PassSilence();
            if (_attached && _tail.Bytes + item.Data.Length > Request.TailBytes)
            {
                return false;
            }
        }

        if (_tail.Count >= MaxItems)
        {
            throw MeshException.InvalidArgument("audio.data", "The messages are too many and too small. Send 20 to 100 ms of audio in each.");
        }

        _tail.Add(item);
        _lostBytes += _attached ? 0 : _tail.Shorten(Request.TailBytes);
        _sent.Pulse();
        return true;
    }

    private StreamLiveResponse Greet(LiveResume resume)
    {
        var started = new LiveStarted
        {
            RequestId = Request.Id,
            WorkerId = _workerId,
            Model = _info.Model,
            ResumeToken = Token.Text,
            Resumed = true,
            Position = _tail.End,
        };
        if (_log.Lost > resume.LastEventNumber)
        {
            var warning = $"Events {resume.LastEventNumber + 1} to {_log.Lost} are no longer kept and can't be sent again.";
            started.Warnings.Add(warning);
            Note(warning);
        }

        Advance(null);
        return new StreamLiveResponse { EventNumber = resume.LastEventNumber, Progress = _progress, Started = started };
    }
}
