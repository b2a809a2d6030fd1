using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Retries that may still be made: a bucket of tokens with the numbers of gRPC's retry throttling (A6), filled by requests rather than
/// by successes, so that retries stay a fixed share of the requests whatever fails. A worker that fails grants its own requests the
/// way to others, once.
/// </summary>
internal sealed class RetryBudget(IOptions<RouterOptions> options)
{
    private readonly RetryOptions _options = options.Value.Retries;
    private readonly Lock _gate = new();
    private double _tokens = options.Value.Retries.Reserve;

    public void OnRequest()
    {
        lock (_gate)
        {
            // What was granted above the reserve stays, but does not grow.
            _tokens = Math.Max(_tokens, Math.Min(_options.Reserve, _tokens + _options.Share));
        }
    }

    /// <summary>So many requests have lost their worker at once.</summary>
    public void Grant(int requests)
    {
        lock (_gate)
        {
            _tokens += requests;
        }
    }

    public bool TryTake()
    {
        lock (_gate)
        {
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }

    /// <summary>How long to wait before a retry, drawn evenly from zero to a bound that doubles.</summary>
    /// <param name="retry">Which one, from 1.</param>
    public TimeSpan Delay(int retry)
    {
        var bound = _options.Delay * Math.Pow(2, Math.Min(retry - 1, 20));
        return (bound < _options.MaxDelay ? bound : _options.MaxDelay) * Random.Shared.NextDouble();
    }
}
