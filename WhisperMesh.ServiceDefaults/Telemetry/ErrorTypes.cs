using System.Collections.Concurrent;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.ServiceDefaults.Telemetry;

/// <summary>Says in one word what went wrong, for traces and measures: never a message, which may hold what a caller sent.</summary>
internal static class ErrorTypes
{
    public const string Cancelled = "CANCELLED";

    /// <summary>Stands for what is no reason of the mesh.</summary>
    public const string Other = "OTHER";

    // Peers name reasons too, and a measure must not get a series for whatever one of them thinks up.
    private const int MostReasons = 64;
    private const int LongestReason = 40;

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    public static string Of(Exception exception) => exception switch
    {
        MeshException mesh => Bounded(mesh.Reason),
        RpcException rpc => RpcErrorDetails.From(rpc).Reason is { } reason ? Bounded(reason) : Of(rpc.StatusCode),
        OperationCanceledException => Cancelled,
        _ => ErrorReasons.Internal,
    };

    /// <summary>Whether a service is at fault, rather than its caller; as the conventions for gRPC have it.</summary>
    public static bool IsFault(StatusCode status) => status
        is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented
        or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;

    private static string Bounded(string reason) =>
        Known.ContainsKey(reason)
        || (Known.Count < MostReasons && reason.Length <= LongestReason && reason.All(sign => sign is '_' or (>= 'A' and <= 'Z')) && Known.TryAdd(reason, true))
            ? reason
            : Other;

    private static string Of(StatusCode status) => status == StatusCode.Cancelled ? Cancelled : status.ToString();
}
