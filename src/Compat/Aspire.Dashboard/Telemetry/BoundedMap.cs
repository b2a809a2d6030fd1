using System.Diagnostics.CodeAnalysis;

namespace Aspire.Dashboard.Telemetry;

/// <summary>A map in order of age that drops its oldest entries beyond a count or a sum of sizes. Not thread-safe.</summary>
internal sealed class BoundedMap<TKey, TValue>(int maxCount, long maxBytes)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _index = [];
    private readonly LinkedList<Entry> _byAge = new();

    public int Count => _index.Count;

    public long Bytes { get; private set; }

    /// <summary>The values, oldest first.</summary>
    public IEnumerable<TValue> Values => _byAge.Select(entry => entry.Value);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _index.TryGetValue(key, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    /// <summary>Adds or replaces an entry and makes it the youngest.</summary>
    public void Put(TKey key, TValue value, long bytes)
    {
        Remove(key);
        _index[key] = _byAge.AddLast(new Entry(key, value) { Bytes = bytes });
        Bytes += bytes;
        Trim();
    }

    /// <summary>Counts a growth of an entry in place; its age stays.</summary>
    public void Grow(TKey key, long bytes)
    {
        if (_index.TryGetValue(key, out var node))
        {
            node.Value.Bytes += bytes;
            Bytes += bytes;
            Trim();
        }
    }

    public void RemoveWhere(Func<TValue, bool> matches)
    {
        foreach (var entry in _byAge.Where(entry => matches(entry.Value)).ToArray())
        {
            Remove(entry.Key);
        }
    }

    private void Remove(TKey key)
    {
        if (_index.Remove(key, out var node))
        {
            Bytes -= node.Value.Bytes;
            _byAge.Remove(node);
        }
    }

    private void Trim()
    {
        while (_byAge.First is { } oldest && (Count > maxCount || Bytes > maxBytes))
        {
            Remove(oldest.Value.Key);
        }
    }

    private sealed class Entry(TKey key, TValue value)
    {
        public TKey Key => key;

        public TValue Value => value;

        public long Bytes { get; set; }
    }
}
