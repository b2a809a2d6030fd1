using Grpc.Core;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Upstreams;

/// <summary>
/// The last look before audio or text leaves the mesh. Whoever chose the worker has looked before; a mistake there must not cost a
/// caller's secrets.
/// </summary>
internal static class UpstreamGuard
{
    /// <exception cref="RpcException">The caller's tenant allows nothing to go there.</exception>
    public static void Check(RoutePlan plan, WorkerHold worker, string requestId, ILogger logger)
    {
        if (!worker.External || plan.AllowsUpstream(UpstreamId.NameOf(worker.WorkerId)))
        {
            return;
        }

        UpstreamLog.KeptBack(logger, requestId, worker.WorkerId);
        throw new MeshException(
            StatusCode.Unavailable, ErrorReasons.NoWorker, "No worker that may serve this request is up. Try again soon.").ToRpcException();
    }
}
