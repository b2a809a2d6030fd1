using System.Collections.Concurrent;

namespace WhisperMesh.Router.Cache;

/// <summary>Waits for other routers' work, and keeps this router's claims alive.</summary>
internal sealed class ClaimWatch(RedisResults results, TimeProvider time)
{
    // A message may be lost, and a router may die: then the claim runs out and the beat sees it.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();
    private bool _listening;

    /// <summary>Returns when the work may be over: another router said so, or a little time has passed.</summary>
    public async Task WaitAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var ended = _waiting.GetOrAdd(RedisResults.NameOf(key), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await ListenAsync();
        try
        {
            await ended.Task.WaitAsync(Beat, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Looked at on the beat; a router that died never says so.
            _waiting.TryRemove(new(RedisResults.NameOf(key), ended));
        }
    }

    /// <summary>Renews a claim until it is disposed, then gives it up.</summary>
    public IAsyncDisposable Keep(CacheKey key, Claimant claimant) => new KeptClaim(results, key, claimant, time);

    // Once for all; again when Redis was not there. Who comes meanwhile has the beat.
    private async Task ListenAsync()
    {
        if (!Interlocked.Exchange(ref _listening, true) && !await results.ListenAsync(OnEnded))
        {
            _listening = false;
        }
    }

    private void OnEnded(string name)
    {
        if (_waiting.TryRemove(name, out var ended))
        {
            ended.TrySetResult();
        }
    }

    private sealed class KeptClaim : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _renewing;
        private readonly RedisResults _results;
        private readonly CacheKey _key;
        private readonly Claimant _claimant;

        public KeptClaim(RedisResults results, CacheKey key, Claimant claimant, TimeProvider time)
        {
            (_results, _key, _claimant) = (results, key, claimant);
            _renewing = RenewAsync(time);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _results.ReleaseAsync(_key, _claimant);
            _end.Dispose();
        }

        private async Task RenewAsync(TimeProvider time)
        {
            using var beat = new PeriodicTimer(RedisResults.ClaimTime / 3, time);
            while (await beat.WaitForNextTickAsync(_end.Token))
            {
                await _results.RenewAsync(_key, _claimant);
            }
        }
    }
}
