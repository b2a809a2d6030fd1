using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Router.Admission;

/// <summary>Who waits and who is next: live before interactive before bulk, none for ever, and fair between tenants within each. Not thread-safe.</summary>
internal sealed class FairQueue(TimeSpan aging, TimeProvider time)
{
    private readonly FairClass[] _classes = [new(), new(), new()];
    private readonly ClassTurns _turns = new(aging, time);

    public int Count => _classes[0].Count + _classes[1].Count + _classes[2].Count;

    /// <summary>Predicted seconds of work that wait.</summary>
    public double Cost => _classes[0].Cost + _classes[1].Cost + _classes[2].Cost;

    public IEnumerable<Waiter> All => _classes.SelectMany(entry => entry.Flows).SelectMany(flow => flow.Waiting);

    public int CountOf(int index) => _classes[index].Count;

    public IEnumerable<Waiter> Of(int index) => _classes[index].Flows.SelectMany(flow => flow.Waiting);

    public void Add(Waiter waiter)
    {
        _turns.Waits(waiter.Class);
        _classes[waiter.Class].Add(waiter);
    }

    /// <returns>False when it does not wait any more.</returns>
    public bool Remove(Waiter waiter) => _classes[waiter.Class].Remove(waiter);

    /// <summary>Takes the next that fits out of the queue and charges its tenant.</summary>
    public Waiter? Take(Func<Waiter, bool> fits)
    {
        Span<bool> hasWork = [_classes[0].Count > 0, _classes[1].Count > 0, _classes[2].Count > 0];
        Span<int> order = stackalloc int[ClassTurns.Count];
        var count = _turns.Order(hasWork, order);
        foreach (var index in order[..count])
        {
            if (_classes[index].Next(fits) is { } next)
            {
                _turns.Served(index);
                _classes[index].Charge(next.Request, next.Cost);
                _classes[index].Remove(next);
                return next;
            }
        }

        return null;
    }

    /// <summary>A request went through without waiting.</summary>
    public void Charge(AdmissionRequest request, double cost) => ClassOf(request).Charge(request, cost);

    /// <summary>A request turned out to cost more than it was charged, or less.</summary>
    public void Correct(AdmissionRequest request, double difference) => ClassOf(request).Correct(request, difference);

    /// <summary>Who has to go when there is one too many: of the last class, the newest of the tenant with most work over its weight.</summary>
    public Waiter? Heaviest()
    {
        var last = Array.FindLast(_classes, entry => entry.Count > 0);
        return last?.Flows.Where(flow => flow.Waiting.Count > 0).MaxBy(flow => flow.WaitingCost / flow.Weight)?.Waiting.Last?.Value;
    }

    /// <summary>Whether a tenant has at least its share of all that waits.</summary>
    public bool HasItsShare(AdmissionRequest request)
    {
        var waiting = _classes.SelectMany(entry => entry.Flows).Where(flow => flow.Waiting.Count > 0).ToList();
        var own = waiting.Where(flow => flow.TenantId == request.TenantId).ToList();
        var weight = waiting.GroupBy(flow => flow.TenantId).Sum(tenant => tenant.Max(flow => flow.Weight));
        return own.Count > 0 && own.Sum(flow => flow.WaitingCost) / own.Max(flow => flow.Weight) >= waiting.Sum(flow => flow.WaitingCost) / weight;
    }

    private FairClass ClassOf(AdmissionRequest request) => _classes[ClassTurns.IndexOf(request.Plan.Class)];
}
