namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>Where keys stand for all routers.</summary>
/// <remarks>Every method throws <see cref="Store.StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface IKeyStore
{
    /// <summary>Raised with the id of a key that was made or revoked, by whichever router; null: any may have changed.</summary>
    event Action<string?>? Changed;

    Task<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <returns>All keys, oldest first.</returns>
    Task<IReadOnlyList<KeyRecord>> ListAsync(CancellationToken cancellationToken);

    Task AddAsync(KeyRecord record, CancellationToken cancellationToken);

    /// <returns>False when there is no such key.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);
}
