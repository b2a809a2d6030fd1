namespace WhisperMesh.Transcription.Reuse;

/// <summary>Results in memory, the ones that were not asked for longest go first. Thread-safe.</summary>
internal sealed class ResultCache(long maxBytes)
{
    // What an entry takes beside its messages.
    private const int OverheadBytes = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, HeardResult Result, long Bytes)>> _entries = [];
    private readonly LinkedList<(string Key, HeardResult Result, long Bytes)> _byUse = [];
    private long _bytes;

    /// <summary>Whether it keeps anything at all.</summary>
    public bool IsOn => maxBytes > 0;

    /// <summary>Bytes that the results take, by their size as messages.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public HeardResult? Find(string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return null;
            }

            _byUse.Remove(entry);
            _byUse.AddFirst(entry);
            return entry.Value.Result;
        }
    }

    public void Add(string key, HeardResult result)
    {
        var bytes = result.Bytes + OverheadBytes;
        lock (_gate)
        {
            Remove(key);
            if (bytes > maxBytes)
            {
                return;
            }

            while (_bytes + bytes > maxBytes)
            {
                Remove(_byUse.Last!.Value.Key);
            }

            _entries[key] = _byUse.AddFirst((key, result, bytes));
            _bytes += bytes;
        }
    }

    private void Remove(string key)
    {
        if (_entries.Remove(key, out var entry))
        {
            _byUse.Remove(entry);
            _bytes -= entry.Value.Bytes;
        }
    }
}
