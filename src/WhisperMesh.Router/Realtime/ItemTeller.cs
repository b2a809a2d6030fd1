using WhisperMesh.Router.Transcriptions.Formats;

namespace WhisperMesh.Router.Realtime;

/// <summary>Writes down what the client is to be told of items, in its own words.</summary>
internal sealed class ItemTeller
{
    private readonly List<ServerEvent> _told = [];
    private string? _previous;

    /// <summary>Whether the client speaks as in the beta.</summary>
    public bool Beta { get; set; }

    /// <summary>Whether probabilities are wanted.</summary>
    public bool Logprobs { get; set; }

    /// <summary>What was written down since the last time.</summary>
    public IReadOnlyList<ServerEvent> Take()
    {
        ServerEvent[] told = [.. _told];
        _told.Clear();
        return told;
    }

    public void Start(RealtimeItem item) => _told.Add(new SpeechStarted(Milliseconds(item.Start), item.Id));

    /// <summary>The item's speech is over, so it is committed.</summary>
    public void Stop(RealtimeItem item, TimeSpan end)
    {
        if (item.IsStartTold)
        {
            _told.Add(new SpeechStopped(Milliseconds(end), item.Id));
        }

        Commit(item);
    }

    public void Commit(RealtimeItem item)
    {
        item.IsCommitted = true;
        _told.Add(new BufferCommitted(item.Id, _previous));
        var shown = new ItemObject(item.Id);
        foreach (var name in (ReadOnlySpan<string>)(Beta ? ["created"] : ["added", "done"]))
        {
            _told.Add(new ItemEvent("conversation.item." + name, _previous, shown));
        }

        _previous = item.Id;
    }

    public void Tell(RealtimeItem item, (string Delta, IReadOnlyList<TokenLogprob> Logprobs) added)
    {
        if (added.Delta.Length > 0)
        {
            _told.Add(new TranscriptionDelta(item.Id, added.Delta, Logprobs ? added.Logprobs : null));
        }
    }

    public void Complete(RealtimeItem item, TimeSpan end)
    {
        item.IsCompleted = true;
        _told.Add(new TranscriptionCompleted(
            item.Id, item.Text, item.Languages, Logprobs ? item.Logprobs : null, AudioUsage.Of(end - item.Start)));
    }

    public void Fail(RealtimeItem item, EventError error) => _told.Add(new TranscriptionFailed(item.Id, error));

    /// <summary>Nobody has spoken since the item began, which is therefore without text.</summary>
    public void TimeOut(RealtimeItem item, TimeSpan end)
    {
        _told.Add(new TimeoutTriggered(Milliseconds(item.Start), Milliseconds(end), item.Id));
        Commit(item);
        Complete(item, end);
    }

    public void Clear() => _told.Add(new BufferCleared());

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
