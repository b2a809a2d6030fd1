namespace WhisperMesh.Router.Captions.Channels;

/// <summary>
/// Captions under a name, and who watches them at this router. Events are applied and passed on under one lock, so that who joins
/// misses none and gets none twice; passing on is quick, since no viewer is waited for.
/// </summary>
internal sealed class CaptionChannel(ChannelKey key, string viewToken, CaptionLog log, CaptionOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Viewer> _viewers = [];
    private volatile CaptionLog _log = log;
    private long _lastChange = time.GetTimestamp();

    public ChannelKey Key { get; } = key;

    /// <summary>Who has it may watch.</summary>
    public string ViewToken { get; } = viewToken;

    public CaptionLog Log => _log;

    /// <summary>Time since the last event.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastChange));

    /// <summary>Session that makes the captions at this router; null: they come from another router, or none come.</summary>
    public CaptionRun? Producer { get; set; }

    /// <summary>Where its last session stands, while nobody produces here.</summary>
    public Sharing.StoredProducer? Last { get; set; }

    /// <summary>Whether Redis lacks something of it.</summary>
    public bool IsUnshared { get; set; }

    /// <summary>Whether it hears what other routers tell of it.</summary>
    public bool IsFollowed { get; set; }

    public int ViewerCount
    {
        get
        {
            lock (_lock)
            {
                return _viewers.Count;
            }
        }
    }

    /// <summary>Takes an event and passes it on.</summary>
    public SharedEvent Publish(CaptionEvent change)
    {
        var message = SharedEvent.Of(change);
        Publish(change, message);
        return message;
    }

    public void Publish(CaptionEvent change, SharedEvent message)
    {
        lock (_lock)
        {
            var before = _log;
            _log = before.Apply(change, options);
            Volatile.Write(ref _lastChange, time.GetTimestamp());
            if (ReferenceEquals(before, _log))
            {
                return;
            }

            foreach (var viewer in _viewers)
            {
                viewer.Post(message);
            }
        }
    }

    /// <summary>Takes what another router has; viewers go on from there.</summary>
    public void Replace(CaptionLog log)
    {
        lock (_lock)
        {
            var before = _log;
            if (before.Run == log.Run)
            {
                if (before.HasEnded || log.LastId < before.LastId)
                {
                    // Later events came while Redis was asked.
                    return;
                }

                log = log with
                {
                    Settled = before.Settled > log.Settled ? before.Settled : log.Settled,
                    Tentative = log.LastId == before.LastId ? before.Tentative ?? log.Tentative : log.Tentative,
                };
            }

            _log = log;
            Volatile.Write(ref _lastChange, time.GetTimestamp());
            if (_viewers.Count == 0)
            {
                return;
            }

            foreach (var message in Difference(before, log))
            {
                foreach (var viewer in _viewers)
                {
                    viewer.Post(message);
                }
            }
        }
    }

    /// <summary>Lets go of the oldest captions.</summary>
    public void Forget(int count)
    {
        lock (_lock)
        {
            _log = _log.Forget(count);
        }
    }

    /// <summary>
    /// Adds a viewer. Gives what it is told first: the captions after its place where they are still there, else the present.
    /// </summary>
    public IReadOnlyList<SharedEvent> Join(Viewer viewer, ViewerPlace? place, int history)
    {
        lock (_lock)
        {
            viewer.Reset();
            _viewers.Add(viewer);
            var log = _log;
            if (place is { } known && known.Run == log.Run && known.Id <= log.LastId
                && (log.Captions.Count == 0 || log.Captions[0].Id <= known.Id + 1))
            {
                return GoOn(log, known);
            }

            return [Present(log, history, Skipped(log, place, history))];
        }
    }

    /// <summary>Takes a viewer that was too slow to the present, whatever it missed.</summary>
    public IReadOnlyList<SharedEvent> JoinPresent(Viewer viewer, ViewerPlace? place, int history)
    {
        lock (_lock)
        {
            viewer.Reset();
            return [Present(_log, history, Skipped(_log, place, history))];
        }
    }

    public void Leave(Viewer viewer)
    {
        lock (_lock)
        {
            _viewers.Remove(viewer);
        }
    }

    private static List<SharedEvent> GoOn(CaptionLog log, ViewerPlace place)
    {
        List<SharedEvent> messages = [.. After(log, place.Id).Select(SharedEvent.Of)];
        messages.AddRange(new[] { log.Status, log.Tentative }.OfType<CaptionEvent>().Select(SharedEvent.Of));
        if (log.HasEnded)
        {
            messages.Add(End(log));
        }

        return messages;
    }

    private static long? Skipped(CaptionLog log, ViewerPlace? place, int history) =>
        place is { } known && known.Run == log.Run && log.LastId - known.Id - history is > 0 and var count ? count : null;

    private SharedEvent Present(CaptionLog log, int history, long? skipped)
    {
        var captions = log.Captions.Skip(Math.Max(0, log.Captions.Count - history)).Select(caption => CaptionEvent.Of(log.Run, caption));
        return SharedEvent.Of(new CaptionScreen(Key.Name, log.Run, log.State, log.StartedAt, [.. captions], log.LastId)
        {
            Tentative = log.Tentative,
            Status = log.Status,
            Skipped = skipped,
        });
    }

    private static IEnumerable<SharedEvent> Difference(CaptionLog before, CaptionLog now)
    {
        if (before.Run != now.Run)
        {
            yield return SharedEvent.Of(new CaptionEvent { Type = CaptionEventTypes.Started, Run = now.Run, StartedAt = now.StartedAt });
        }

        foreach (var caption in After(now, before.Run == now.Run ? before.LastId : 0))
        {
            yield return SharedEvent.Of(caption);
        }

        if (now.HasEnded && !(before.HasEnded && before.Run == now.Run))
        {
            yield return End(now);
        }
    }

    private static IEnumerable<CaptionEvent> After(CaptionLog log, long id) =>
        log.Captions.Skip(log.Captions.Count - (int)Math.Clamp(log.LastId - id, 0, log.Captions.Count))
            .Select(caption => CaptionEvent.Of(log.Run, caption));

    private static SharedEvent End(CaptionLog log) =>
        SharedEvent.Of(new CaptionEvent { Type = CaptionEventTypes.Ended, Run = log.Run, Id = log.LastId, Received = log.Received.TotalSeconds });
}
