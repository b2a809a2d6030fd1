using System.Collections.Concurrent;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>
/// Keys that were looked up lately. A key in use is looked up again in the background every few seconds, so that a request waits for
/// Redis once only, and so that a key is still known for about a minute when Redis goes.
/// </summary>
internal sealed class KnownKeys
{
    /// <summary>How long a key is good without another look at the store.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    /// <summary>After which time a use looks it up again, behind the request.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromSeconds(5);

    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly IKeyStore _store;
    private readonly TimeProvider _time;

    // Counts what was heard of changes: a look-up that began before one of them may have read the old state.
    private long _changes;

    public KnownKeys(IKeyStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        store.Changed += Forget;
    }

    /// <summary>The key's record; null when there is no such key.</summary>
    /// <exception cref="StoreUnavailableException">It is not known, and the store does not answer.</exception>
    public ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(id, out var entry) || _time.GetElapsedTime(entry.ReadAt) > Memory)
        {
            return new ValueTask<KeyRecord?>(LookUpAsync(id, cancellationToken));
        }

        if (_time.GetElapsedTime(entry.ReadAt) > RefreshAfter && entry.TryBeginRefresh(_time))
        {
            _ = RefreshAsync(id);
        }

        return new ValueTask<KeyRecord?>(entry.Record);
    }

    private async Task RefreshAsync(string id)
    {
        try
        {
            await LookUpAsync(id, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // It stays known until its minute is over.
        }
    }

    private async Task<KeyRecord?> LookUpAsync(string id, CancellationToken cancellationToken)
    {
        var changes = Interlocked.Read(ref _changes);
        var readAt = _time.GetTimestamp();
        var record = await _store.FindAsync(id, cancellationToken);
        if (record is null)
        {
            _entries.TryRemove(id, out _);
        }
        else if (Interlocked.Read(ref _changes) == changes)
        {
            MakeRoom();
            _entries[id] = new Entry(record, readAt);
            if (Interlocked.Read(ref _changes) != changes)
            {
                _entries.TryRemove(id, out _);
            }
        }

        return record;
    }

    private void Forget(string? id)
    {
        Interlocked.Increment(ref _changes);
        if (id is null)
        {
            _entries.Clear();
        }
        else
        {
            _entries.TryRemove(id, out _);
        }
    }

    private void MakeRoom()
    {
        if (_entries.Count >= Capacity)
        {
            _entries.Clear();
        }
    }

    private sealed class Entry(KeyRecord record, long readAt)
    {
        private long _refreshAt;

        public KeyRecord Record { get; } = record;

        public long ReadAt { get; } = readAt;

        /// <summary>One at a time, and the next try only after a while.</summary>
        public bool TryBeginRefresh(TimeProvider time)
        {
            var last = Volatile.Read(ref _refreshAt);
            return (last == 0 || time.GetElapsedTime(last) > RefreshAfter)
                && Interlocked.CompareExchange(ref _refreshAt, time.GetTimestamp(), last) == last;
        }
    }
}
