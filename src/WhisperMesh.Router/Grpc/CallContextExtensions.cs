using Grpc.Core;

namespace WhisperMesh.Router.Grpc;

internal static class CallContextExtensions
{
    /// <summary>The client's deadline; null when it set none.</summary>
    public static DateTime? ClientDeadline(this ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? null : context.Deadline;
}
