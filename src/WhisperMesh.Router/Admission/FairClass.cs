namespace WhisperMesh.Router.Admission;

/// <summary>
/// The requests of one class, weighted fair between tenants (start-time fair queueing): the tenant goes next that has had the least
/// work over its weight. A tenant that comes back begins where the others stand: what it did not use is not saved up. Guarded by
/// the queue's lock.
/// </summary>
internal sealed class FairClass
{
    // Above this, tenants of which nothing is left to remember are dropped.
    private const int KeptFlows = 64;

    private readonly Dictionary<string, TenantFlow> _flows = [];
    private double _virtualTime;

    public int Count { get; private set; }

    /// <summary>Predicted seconds of work that wait.</summary>
    public double Cost { get; private set; }

    public IEnumerable<TenantFlow> Flows => _flows.Values;

    public void Add(Waiter waiter)
    {
        var flow = Flow(waiter.Request);
        if (flow.Waiting.Count == 0)
        {
            flow.VirtualTime = Math.Max(flow.VirtualTime, _virtualTime);
        }

        flow.Waiting.AddLast(waiter);
        flow.WaitingCost += waiter.Cost;
        Cost += waiter.Cost;
        Count++;
    }

    /// <returns>False when it does not wait any more.</returns>
    public bool Remove(Waiter waiter)
    {
        if (!_flows.TryGetValue(waiter.Request.TenantId, out var flow) || !flow.Waiting.Remove(waiter))
        {
            return false;
        }

        // From zero anew when nothing waits, so that rounding never adds up.
        flow.WaitingCost = flow.Waiting.Count == 0 ? 0 : flow.WaitingCost - waiter.Cost;
        Count--;
        Cost = Count == 0 ? 0 : Cost - waiter.Cost;
        return true;
    }

    /// <summary>The next that fits; it stays.</summary>
    public Waiter? Next(Func<Waiter, bool> fits)
    {
        Waiter? next = null;
        TenantFlow? best = null;
        foreach (var flow in _flows.Values)
        {
            if (flow.Waiting.Count > 0 && IsBefore(flow, best) && First(flow, fits) is { } first)
            {
                (best, next) = (flow, first);
            }
        }

        return next;
    }

    /// <summary>A tenant's request has got its turn, whether it waited or not.</summary>
    public void Charge(AdmissionRequest request, double cost)
    {
        var flow = Flow(request);
        var start = Math.Max(flow.VirtualTime, flow.Waiting.Count == 0 ? _virtualTime : 0);
        _virtualTime = Math.Max(_virtualTime, start);
        flow.VirtualTime = start + (cost / flow.Weight);
    }

    /// <summary>What a request turned out to cost beyond the prediction, or less.</summary>
    public void Correct(AdmissionRequest request, double difference)
    {
        if (_flows.TryGetValue(request.TenantId, out var flow))
        {
            flow.VirtualTime = Math.Max(0, flow.VirtualTime + (difference / flow.Weight));
        }
    }

    private static Waiter? First(TenantFlow flow, Func<Waiter, bool> fits)
    {
        for (var node = flow.Waiting.First; node is not null; node = node.Next)
        {
            if (fits(node.Value))
            {
                return node.Value;
            }
        }

        return null;
    }

    private static bool IsBefore(TenantFlow flow, TenantFlow? other) =>
        other is null
        || flow.VirtualTime < other.VirtualTime
        || (flow.VirtualTime == other.VirtualTime && flow.Waiting.First!.Value.Since < other.Waiting.First!.Value.Since);

    private TenantFlow Flow(AdmissionRequest request)
    {
        if (!_flows.TryGetValue(request.TenantId, out var flow))
        {
            Forget();
            _flows[request.TenantId] = flow = new TenantFlow(request.TenantId);
        }

        flow.Weight = request.Weight > 0 ? request.Weight : 1;
        return flow;
    }

    private void Forget()
    {
        if (_flows.Count < KeptFlows)
        {
            return;
        }

        foreach (var (id, flow) in _flows)
        {
            if (flow.Waiting.Count == 0 && flow.VirtualTime <= _virtualTime)
            {
                _flows.Remove(id);
            }
        }
    }
}
