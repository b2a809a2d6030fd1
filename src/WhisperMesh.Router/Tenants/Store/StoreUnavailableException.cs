namespace WhisperMesh.Router.Tenants.Store;

/// <summary>Redis is gone, or does not answer in time.</summary>
internal sealed class StoreUnavailableException(Exception? cause = null) : Exception("Redis does not answer.", cause);
