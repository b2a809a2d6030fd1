using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Admission;

/// <summary>Which workers requests wait for: those of one lane have the same ones, so that one lane never holds up another.</summary>
internal sealed record LaneKey(ModelKind Kind, string Model, string Route, string Language, bool Compressed, string Features, string Excluded);

/// <summary>Requests that wait for the same workers. Guarded by the queue's lock.</summary>
internal sealed class Lane(TimeProvider time)
{
    /// <summary>How fast work leaves it while some waits.</summary>
    public DrainRate Drain { get; } = new(time);

    public int Waiting { get; set; }

    /// <summary>
    /// How long a request will wait: until all of its lane that goes before it has left. Of its own class that is at most what its
    /// tenant has waiting, stretched by the share that others take.
    /// </summary>
    public TimeSpan WaitOf(Waiter waiter, FairQueue queue, int workers)
    {
        var before = 0d;
        for (var index = 0; index < waiter.Class; index++)
        {
            before += Others(queue.Of(index), waiter).Sum(other => other.Cost);
        }

        var beside = Others(queue.Of(waiter.Class), waiter).ToList();
        var own = beside.Where(other => other.Request.TenantId == waiter.Request.TenantId).Sum(other => other.Cost);
        var weights = beside.Append(waiter).GroupBy(other => other.Request.TenantId).Sum(tenant => tenant.First().Request.Weight);
        var stretched = (own + waiter.Cost) * weights / waiter.Request.Weight;
        before += Math.Min(beside.Sum(other => other.Cost), Math.Max(0, stretched - waiter.Cost));
        return TimeSpan.FromSeconds(Math.Min(before / Drain.PerSecond(workers), TimeSpan.FromDays(1).TotalSeconds));
    }

    private IEnumerable<Waiter> Others(IEnumerable<Waiter> waiting, Waiter waiter) =>
        waiting.Where(other => other.Lane == this && other != waiter);
}
