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

    // The end of a session is worked off in memory, so it takes no time worth speaking of.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly Dictionary<ChannelKey, OwnClaim> _own = [];

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
        await WaitForEndAsync(key, sessionId);
        lock (_lock)
        {
            if (_own.TryGetValue(key, out var own) && own.Session != sessionId && own.Until > Now())
            {
                return false;
            }

            _own[key] = new OwnClaim(sessionId, Until(), null);
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
            _own[key] = new OwnClaim(sessionId, Until(), null);
        }

        var owner = await store.RenewAsync(key, Claimant(sessionId), Life);
        if (owner is null || owner == Claimant(sessionId))
        {
            return true;
        }

        Forget(key, sessionId);
        return false;
    }

    /// <summary>A session has ended; its name is free once its last captions are out.</summary>
    public void OnEnding(ChannelKey key, string sessionId, Task done)
    {
        lock (_lock)
        {
            if (_own.TryGetValue(key, out var own) && own.Session == sessionId)
            {
                _own[key] = own with { Ending = done };
            }
        }
    }

    public async Task ReleaseAsync(ChannelKey key, string sessionId)
    {
        Forget(key, sessionId);
        await store.ReleaseAsync(key, Claimant(sessionId), Life);
    }

    private async Task WaitForEndAsync(ChannelKey key, string sessionId)
    {
        Task? ending;
        lock (_lock)
        {
            ending = _own.TryGetValue(key, out var own) && own.Session != sessionId ? own.Ending : null;
        }

        if (ending is not null)
        {
            await ending.WaitAsync(EndPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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

    /// <param name="Session">Who has the name.</param>
    /// <param name="Until">Timestamp at which the claim runs out.</param>
    /// <param name="Ending">Done when the session's last captions are out; null: it goes on.</param>
    private sealed record OwnClaim(string Session, long Until, Task? Ending);
}
