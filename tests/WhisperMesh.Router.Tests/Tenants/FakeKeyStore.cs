using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Tests.Tenants;

/// <summary>Keys in memory, in a store that can go away.</summary>
internal sealed class FakeKeyStore : IKeyStore
{
    private readonly Dictionary<string, KeyRecord> _records = [];

    public event Action<string?>? Changed;

    public bool Gone { get; set; }

    /// <summary>Look-ups so far.</summary>
    public int Reads { get; private set; }

    /// <summary>Holds the next look-up, after it has read, until it is completed.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public async Task<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        Reads++;
        if (Gone)
        {
            throw new StoreUnavailableException();
        }

        var found = _records.GetValueOrDefault(id);
        if (Hold is { } hold)
        {
            await hold.Task;
        }

        return found;
    }

    public Task<IReadOnlyList<KeyRecord>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeyRecord>>([.. _records.Values]);

    public Task AddAsync(KeyRecord record, CancellationToken cancellationToken)
    {
        _records[record.Id] = record;
        Changed?.Invoke(record.Id);
        return Task.CompletedTask;
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var removed = _records.Remove(id);
        Changed?.Invoke(id);
        return Task.FromResult(removed);
    }

    /// <summary>Revokes a key without a word, as when messages are lost.</summary>
    public void RemoveSilently(string id) => _records.Remove(id);
}
