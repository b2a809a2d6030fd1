namespace WhisperMesh.Router.Admission;

/// <summary>One tenant's requests of one class, in the order of their arrival, and how much it has had. Guarded by the queue's lock.</summary>
internal sealed class TenantFlow(string tenantId)
{
    public string TenantId { get; } = tenantId;

    public LinkedList<Waiter> Waiting { get; } = [];

    /// <summary>Predicted seconds of work that wait.</summary>
    public double WaitingCost { get; set; }

    /// <summary>Work that it has had over its weight, beginning where the others stood when it last came.</summary>
    public double VirtualTime { get; set; }

    public double Weight { get; set; } = 1;
}
