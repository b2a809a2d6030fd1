using Grpc.Core;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>What a worker says of itself; the same for every kind.</summary>
public sealed class WorkerGrpcService(WorkerCapabilities capabilities, WorkerGate gate) : WorkerService.WorkerServiceBase
{
    /// <inheritdoc/>
    public override Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context) =>
        Task.FromResult(new GetCapabilitiesResponse { Capabilities = capabilities });

    /// <inheritdoc/>
    public override Task<GetLoadResponse> GetLoad(GetLoadRequest request, ServerCallContext context) =>
        Task.FromResult(new GetLoadResponse { Load = gate.Load });
}
