using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Explain.Storing;

/// <summary>The last records of this router, bounded in number, bytes and age. Thread-safe.</summary>
internal sealed class RecordRing(IOptions<ExplainOptions> options, TimeProvider time)
{
    private readonly ExplainOptions _options = options.Value;
    private readonly Lock _gate = new();
    private readonly Queue<KeptRecord> _queue = new();
    private readonly Dictionary<(string Tenant, string Id), KeptRecord> _byName = [];
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    public void Add(KeptRecord record)
    {
        lock (_gate)
        {
            _queue.Enqueue(record);
            _bytes += record.Size;

            // Of two of one name the later one counts; the other grows old unseen.
            _byName[(record.Tenant, record.Id)] = record;
            while (_queue.Count > _options.MemoryRecords || (_bytes > _options.MemoryBytes && _queue.Count > 1))
            {
                RemoveOldest();
            }
        }
    }

    public KeptRecord? Find(string tenant, string id)
    {
        lock (_gate)
        {
            RemoveExpired();
            return _byName.GetValueOrDefault((tenant, id));
        }
    }

    /// <summary>The latest of this name, whoever's it is.</summary>
    public KeptRecord? FindOfAnyone(string id)
    {
        lock (_gate)
        {
            RemoveExpired();
            return _queue.LastOrDefault(record => record.Id == id);
        }
    }

    /// <summary>All of them, or one tenant's.</summary>
    public IReadOnlyList<KeptRecord> List(string? tenant)
    {
        lock (_gate)
        {
            RemoveExpired();
            return [.. _byName.Values.Where(record => tenant is null || record.Tenant == tenant)];
        }
    }

    private void RemoveExpired()
    {
        while (_queue.TryPeek(out var oldest) && time.GetUtcNow() - oldest.KeptAt >= _options.KeepFor)
        {
            RemoveOldest();
        }
    }

    private void RemoveOldest()
    {
        var oldest = _queue.Dequeue();
        _bytes -= oldest.Size;
        if (_byName.TryGetValue((oldest.Tenant, oldest.Id), out var named) && ReferenceEquals(named, oldest))
        {
            _byName.Remove((oldest.Tenant, oldest.Id));
        }
    }
}
