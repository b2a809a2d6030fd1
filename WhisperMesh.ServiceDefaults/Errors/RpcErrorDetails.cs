using Google.Rpc;
using Grpc.Core;

namespace WhisperMesh.ServiceDefaults.Errors;

/// <summary>What the google.rpc details of a failed call say, as far as there are any.</summary>
/// <param name="StatusCode">gRPC status.</param>
/// <param name="Message">Sentence for people.</param>
/// <param name="Reason">ErrorInfo.reason.</param>
/// <param name="Domain">ErrorInfo.domain.</param>
/// <param name="Field">First field violation's field.</param>
/// <param name="RetryAfter">RetryInfo's delay.</param>
public sealed record RpcErrorDetails(
    StatusCode StatusCode, string Message, string? Reason, string? Domain, string? Field, TimeSpan? RetryAfter)
{
    /// <summary>Reads the details of a failed call.</summary>
    public static RpcErrorDetails From(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var status = ReadStatus(exception);
        var info = status?.GetDetail<ErrorInfo>();
        return new RpcErrorDetails(
            exception.StatusCode,
            exception.Status.Detail,
            info?.Reason,
            info?.Domain,
            status?.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field,
            status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan());
    }

    /// <summary>The same failure, to be thrown on by a relay.</summary>
    public MeshException ToMeshException(Exception? cause = null) =>
        new(StatusCode, Reason ?? ErrorReasons.Internal, Message, cause) { Field = Field, RetryAfter = RetryAfter };

    // A peer may send anything in the trailer.
    private static Google.Rpc.Status? ReadStatus(RpcException exception)
    {
        try
        {
            return exception.GetRpcStatus();
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
