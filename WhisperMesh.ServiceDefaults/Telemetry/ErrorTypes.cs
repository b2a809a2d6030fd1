using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.ServiceDefaults.Telemetry;

/// <summary>Says in one word what went wrong, for traces and measures: never a message, which may hold what a caller sent.</summary>
internal static class ErrorTypes
{
    public const string Cancelled = "CANCELLED";

    public static string Of(Exception exception) => exception switch
    {
        MeshException mesh => mesh.Reason,
        RpcException rpc => RpcErrorDetails.From(rpc).Reason ?? Of(rpc.StatusCode),
        OperationCanceledException => Cancelled,
        _ => ErrorReasons.Internal,
    };

    /// <summary>Whether a service is at fault, rather than its caller; as the conventions for gRPC have it.</summary>
    public static bool IsFault(StatusCode status) => status
        is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented
        or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;

    private static string Of(StatusCode status) => status == StatusCode.Cancelled ? Cancelled : status.ToString();
}
