using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>
/// Makes items of a stream's utterances, and of what the client commits. A live session answers each commit with one final, in order;
/// where an utterance ends by itself before, the item has its text already and that final is empty. Collects what the client is to be
/// told. Not thread-safe.
/// </summary>
internal sealed class RealtimeItems
{
    private readonly ItemTeller _teller = new();
    private readonly Queue<RealtimeItem> _committed = new();
    private readonly List<StreamLiveResponse> _held = [];
    private RealtimeItem? _open;
    private int _clears;
    private TimeSpan _silentSince;

    /// <summary>Whether the client speaks as in the beta.</summary>
    public bool Beta
    {
        get => _teller.Beta;
        set => _teller.Beta = value;
    }

    /// <summary>Whether probabilities are wanted.</summary>
    public bool Logprobs
    {
        get => _teller.Logprobs;
        set => _teller.Logprobs = value;
    }

    /// <summary>Silence after which the client is told that nobody speaks; null: never.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Where the audio begins that belongs to no item yet.</summary>
    public TimeSpan BufferStart { get; private set; }

    /// <summary>Whether nobody speaks and nothing waits for its text.</summary>
    public bool AreDone => _open is null && _committed.Count == 0 && _clears == 0;

    /// <summary>What the client is to be told since the last time.</summary>
    public IReadOnlyList<ServerEvent> Take() => _teller.Take();

    /// <summary>The client makes an item of the audio so far.</summary>
    public void Commit(TimeSpan position)
    {
        var item = _open is { IsCommitted: false } ? _open : new RealtimeItem(BufferStart);
        _teller.Commit(item);
        _committed.Enqueue(item);
        BufferStart = position;
    }

    /// <summary>The client drops the audio so far.</summary>
    /// <param name="position">How much there is.</param>
    /// <param name="answered">Whether a live session is there that will say when it has dropped it.</param>
    public void Clear(TimeSpan position, bool answered)
    {
        _clears += answered ? 1 : 0;
        BufferStart = position;
        _silentSince = position;
        _teller.Clear();
    }

    /// <summary>Takes an event of the live session that serves a part of the stream.</summary>
    public void On(StreamLiveResponse message, RealtimePart part)
    {
        if (_clears > 0 && message.Final is null)
        {
            // Of what is being dropped, unless the utterance had ended before.
            _held.Add(message);
            return;
        }

        if (message.Final is { } final)
        {
            var dropped = final.Reason == EndpointReason.Clear;
            if (!dropped)
            {
                _held.ForEach(held => Happened(held, part));
            }

            _held.Clear();
            End(final, part, dropped);
        }
        else
        {
            Happened(message, part);
        }

        WatchSilence(message.Progress, part);
    }

    /// <summary>A live session has ended, and with it every item of its part of the stream.</summary>
    public void EndPart()
    {
        if (_open is not null)
        {
            Finish(_open, BufferStart);
        }

        foreach (var item in _committed.Where(item => !item.IsCompleted))
        {
            _teller.Complete(item, BufferStart);
        }

        _committed.Clear();
        _held.Clear();
        _clears = 0;
    }

    /// <summary>No item will have its text any more.</summary>
    public void Fail(EventError error)
    {
        var unfinished = _committed.ToList();
        if (_open is not null && !unfinished.Contains(_open))
        {
            unfinished.Add(_open);
        }

        foreach (var item in unfinished.Where(item => !item.IsCompleted))
        {
            _teller.Fail(item, error);
        }
    }

    private void Happened(StreamLiveResponse message, RealtimePart part)
    {
        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.SpeechStarted:
                Begin(part.TimeOf(message.SpeechStarted.StartOffset), part);
                break;
            case StreamLiveResponse.EventOneofCase.SpeechEnded when part.Turns is { } turns && _open is { IsCommitted: false } item:
                _teller.Stop(item, part.TimeOf(message.SpeechEnded.EndOffset) + turns.Silence);
                break;
            case StreamLiveResponse.EventOneofCase.Update when message.Update.Words.Count > 0:
                Tell(message.Update, part);
                break;
        }
    }

    private void Begin(TimeSpan speech, RealtimePart part)
    {
        if (part.Turns is not { } turns || _open is not null || NextCommitted() is not null)
        {
            Open(part);
            return;
        }

        var start = speech - turns.Prefix > BufferStart ? speech - turns.Prefix : BufferStart;
        _open = new RealtimeItem(start) { IsStartTold = true };
        _teller.Start(_open);
    }

    /// <summary>The item that what is heard belongs to: one that the client committed and that has no text yet, or a new one.</summary>
    private RealtimeItem Open(RealtimePart part) =>
        _open ??= NextCommitted() ?? new RealtimeItem(part.Begin > BufferStart ? part.Begin : BufferStart);

    private RealtimeItem? NextCommitted() => _committed.FirstOrDefault(item => !item.IsCompleted);

    private void Tell(LiveUpdate update, RealtimePart part)
    {
        var item = Open(part);
        _teller.Tell(item, item.Add(update));
    }

    private void End(LiveFinal final, RealtimePart part, bool dropped)
    {
        var end = part.TimeOf(final.Checkpoint.Offset);
        var ofClient = final.Reason == EndpointReason.Commit;
        if (dropped)
        {
            (_open, _clears) = (null, Math.Max(0, _clears - 1));
        }
        else if (_open is not null || NextCommitted() is not null || final.Segment.Text.Length > 0)
        {
            var item = Open(part);
            _teller.Tell(item, item.End(final.Segment));
            // Where the client ends items, the longest utterance is only a part of one.
            if (part.Turns is not null || final.Reason != EndpointReason.MaximumDuration)
            {
                Finish(item, end);
            }
        }

        if (ofClient && _committed.TryDequeue(out var committed) && !committed.IsCompleted)
        {
            _teller.Complete(committed, end);
        }

        if (part.Turns is not null && end > BufferStart)
        {
            BufferStart = end;
        }

        _silentSince = end > _silentSince ? end : _silentSince;
    }

    private void Finish(RealtimeItem item, TimeSpan end)
    {
        if (!item.IsCommitted)
        {
            _teller.Stop(item, end);
        }

        _teller.Complete(item, end);
        _open = null;
    }

    private void WatchSilence(LiveProgress? progress, RealtimePart part)
    {
        if (part.Turns is null || IdleTimeout is not { } timeout || !AreDone || progress?.AudioCommitted is not { } committed)
        {
            return;
        }

        var position = part.TimeOf(committed);
        if (position - _silentSince >= timeout)
        {
            var item = new RealtimeItem(_silentSince);
            _teller.TimeOut(item, position);
            (_silentSince, BufferStart) = (position, position);
        }
    }
}
