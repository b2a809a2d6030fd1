using Google.Protobuf;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>
/// What was sent and is not acknowledged: audio by its place in the stream, and the commits and clears between. Whoever sends waits
/// while it is full. One sends, one reads it out, one forgets; each at any time.
/// </summary>
internal sealed class LiveTail
{
    private readonly Lock _gate = new();
    private readonly long _capacityBytes;
    private TaskCompletionSource _changed = NewSignal();

    // An item before the first that is kept, so that one who has read all has a place to go on from.
    private LiveTailItem _beforeFirst = new(0, new StreamLiveRequest());
    private LiveTailItem _last;
    private bool _completed;
    private Exception? _failure;

    internal LiveTail(long capacityBytes)
    {
        _capacityBytes = capacityBytes;
        _last = _beforeFirst;
    }

    /// <summary>Place of the first byte that is kept.</summary>
    internal long Start { get; private set; }

    /// <summary>Place after the last byte.</summary>
    internal long End { get; private set; }

    internal bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Takes audio, which is copied; waits for room.</summary>
    internal async ValueTask AppendAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        while (audio.Length > 0)
        {
            var piece = audio[..Math.Min(audio.Length, WhisperMeshClient.ChunkSize)];
            while (TryAppend(piece) is { } full)
            {
                await full.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            audio = audio[piece.Length..];
        }
    }

    /// <summary>Notes a commit or a clear. The same twice at one place is one.</summary>
    internal void Mark(StreamLiveRequest mark)
    {
        lock (_gate)
        {
            ThrowIfOver();
            if (_last.Position != End || _last.Message.PayloadCase != mark.PayloadCase)
            {
                Add(new LiveTailItem(End, mark));
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    internal void Complete()
    {
        lock (_gate)
        {
            ThrowIfOver();
            _completed = true;
            Signal();
        }
    }

    /// <summary>Whoever waits to send, or still sends, gets the failure.</summary>
    internal void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            Signal();
        }
    }

    /// <summary>Forgets what lies before a place, as far as whole messages do.</summary>
    internal void ForgetTo(long position)
    {
        lock (_gate)
        {
            while (_beforeFirst.Next is { } first && first.End <= position)
            {
                _beforeFirst = first;
            }

            Start = _beforeFirst.Next?.Position ?? End;
            Signal();
        }
    }

    /// <summary>Whether everything from there on is still here.</summary>
    internal bool Covers(long position)
    {
        lock (_gate)
        {
            return position >= Start && position <= End;
        }
    }

    /// <summary>Where reading from a place begins: the item before the one to read first.</summary>
    internal LiveTailItem Before(long position)
    {
        lock (_gate)
        {
            var before = _beforeFirst;
            while (before.Next is { } next && (next.End < position || (next.End == position && next.IsAudio)))
            {
                before = next;
            }

            return before;
        }
    }

    /// <summary>The item after another, once there is one; null when none will come.</summary>
    internal async ValueTask<LiveTailItem?> NextAsync(LiveTailItem before, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (before.Next is not null || _completed || _failure is not null)
                {
                    return before.Next;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What to wait for when there is no room. A single piece always finds room in an empty tail.</summary>
    private Task? TryAppend(ReadOnlyMemory<byte> piece)
    {
        lock (_gate)
        {
            ThrowIfOver();
            if (End > Start && End - Start + piece.Length > _capacityBytes)
            {
                return _changed.Task;
            }

            var audio = new LiveAudio { Data = ByteString.CopyFrom(piece.Span), Position = End };
            Add(new LiveTailItem(End, new StreamLiveRequest { Audio = audio }));
            return null;
        }
    }

    private void Add(LiveTailItem item)
    {
        _last.Next = item;
        _last = item;
        End = item.End;
        Signal();
    }

    private void ThrowIfOver()
    {
        if (_failure is not null)
        {
            throw _failure is WhisperMeshException failure ? failure.Again() : new InvalidOperationException(_failure.Message, _failure);
        }

        if (_completed)
        {
            throw new InvalidOperationException("The stream was completed; nothing can be sent after that.");
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Audio, a commit or a clear at its place in the stream.</summary>
internal sealed class LiveTailItem(long position, StreamLiveRequest message)
{
    internal long Position => position;

    internal StreamLiveRequest Message => message;

    internal bool IsAudio => message.PayloadCase == StreamLiveRequest.PayloadOneofCase.Audio;

    internal long End => position + (IsAudio ? message.Audio.Data.Length : 0);

    internal LiveTailItem? Next { get; set; }

    /// <summary>The message without what lies before a place.</summary>
    internal StreamLiveRequest From(long start) => start <= position || !IsAudio
        ? message
        : new StreamLiveRequest
        {
            Audio = new LiveAudio
            {
                Data = UnsafeByteOperations.UnsafeWrap(message.Audio.Data.Memory[(int)(start - position)..]),
                Position = start,
            },
        };
}
