using System.Collections.Concurrent;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>The gates of all upstreams, by name, over changes of the configuration.</summary>
internal sealed class UpstreamGates(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, UpstreamGate> _gates = [];

    public UpstreamGate Of(UpstreamSettings upstream) => _gates.GetOrAdd(upstream.Name, _ => new UpstreamGate(time));
}

/// <summary>Keeps this router within the limits of one upstream: requests at once, and requests a minute. Thread-safe.</summary>
internal sealed class UpstreamGate(TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FullWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<long> _begun = [];
    private int _active;

    /// <summary>Takes a place, which is given back when the result is disposed.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">There is none now; says when there may be.</exception>
    public IDisposable Enter(UpstreamSettings upstream)
    {
        lock (_gate)
        {
            if (_active >= upstream.Capacity)
            {
                throw UpstreamErrors.Full(upstream, FullWait);
            }

            if (upstream.RequestsPerMinute is { } limit)
            {
                while (_begun.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Minute)
                {
                    _begun.Dequeue();
                }

                if (_begun.Count >= limit)
                {
                    throw UpstreamErrors.Full(upstream, Minute - time.GetElapsedTime(_begun.Peek()));
                }

                _begun.Enqueue(time.GetTimestamp());
            }

            _active++;
        }

        return new Place(this);
    }

    private void Leave()
    {
        lock (_gate)
        {
            _active--;
        }
    }

    private sealed class Place(UpstreamGate gate) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
            {
                gate.Leave();
            }
        }
    }
}
