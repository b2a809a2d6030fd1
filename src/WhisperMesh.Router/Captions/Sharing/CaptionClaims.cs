using Grpc.Core;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Captions.Sharing;

/// <summary>Who publishes under which name, at this router and, by way of Redis, at all.</summary>
internal sealed class CaptionClaims(CaptionStore store, TimeProvider time) : ICaptionNames
{
    public const string TakenReason = "CAPTION_NAME_TAKEN";

    // Longer than a session waits for its client to come back.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(45);

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly Dictionary<ChannelKey, (string Session, long Until)> _own = [];

    public async ValueTask ClaimAsync(string tenantId, string name, string sessionId, CancellationToken cancellationToken)
    {
        if (!RequestIds.IsValid(name))
        {
            throw MeshException.InvalidArgument("caption_name", "caption_name must have 1 to 64 characters of A-Z a-z 0-9 . _ -.");
        }

        var key = new ChannelKey(tenantId, name);
        if (!await TryClaimAsync(key, sessionId).WaitAsync(cancellationToken))
        {
            throw new MeshException(
                StatusCode.FailedPrecondition,
                TakenReason,
                $"Another session publishes captions under the name '{name}'. End it first, or choose another name.")
            {
                Field = "caption_name",
            };
        }
    }

    /// <summary>Takes a name for a session, unless another one has it.</summary>
    public async Task<bool> TryClaimAsync(ChannelKey key, string sessionId)
    {
        lock (_lock)
        {
            if (_own.TryGetValue(key, out var own) && own.Session != sessionId && own.Until > Now())
            {
                return false;
            }

            _own[key] = (sessionId, Until());
        }

        var owner = await store.ClaimAsync(key, Claimant(sessionId), sessionId, Life);
        if (owner is null || owner == Claimant(sessionId))
        {
            return true;
        }

        Forget(key, sessionId);
        return false;
    }

    /// <summary>Keeps a name for a session that runs.</summary>
    /// <returns>False when another router has taken the session over.</returns>
    public async Task<bool> RenewAsync(ChannelKey key, string sessionId)
    {
        lock (_lock)
        {
            _own[key] = (sessionId, Until());
        }

        var owner = await store.RenewAsync(key, Claimant(sessionId), Life);
        if (owner is null || owner == Claimant(sessionId))
        {
            return true;
        }

        Forget(key, sessionId);
        return false;
    }

    public async Task ReleaseAsync(ChannelKey key, string sessionId)
    {
        Forget(key, sessionId);
        await store.ReleaseAsync(key, Claimant(sessionId), Life);
    }

    private void Forget(ChannelKey key, string sessionId)
    {
        lock (_lock)
        {
            if (_own.TryGetValue(key, out var own) && own.Session == sessionId)
            {
                _own.Remove(key);
            }
        }
    }

    private string Claimant(string sessionId) => $"{sessionId} {_instance}";

    private long Now() => time.GetTimestamp();

    private long Until() => Now() + (long)(Life.TotalSeconds * time.TimestampFrequency);
}
