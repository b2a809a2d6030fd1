using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Admission;

/// <summary>What asks to be let through.</summary>
/// <param name="TenantId">Whose it is.</param>
/// <param name="Weight">The tenant's share beside others.</param>
/// <param name="Requirements">What a worker must have.</param>
/// <param name="Plan">By which route it goes, with its predicted work.</param>
/// <param name="Excluded">Workers that must not have it.</param>
/// <param name="Deadline">When the answer is worth nothing any more, UTC.</param>
internal sealed record AdmissionRequest(
    string TenantId,
    double Weight,
    WorkerRequirements Requirements,
    RoutePlan Plan,
    IReadOnlySet<string> Excluded,
    DateTime? Deadline);
