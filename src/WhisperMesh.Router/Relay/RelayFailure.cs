using System.Net.Sockets;
using Grpc.Core;
using WhisperMesh.Router.Upstreams;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Relay;

/// <summary>What a failed call to a worker means for the request.</summary>
internal enum RelayFailure
{
    /// <summary>The worker's answer to this request: it goes to the client.</summary>
    Final,

    /// <summary>The worker never took the request: another one may.</summary>
    Refused,

    /// <summary>The worker's queue is full: another one's may not be.</summary>
    Full,

    /// <summary>The worker can't serve this model now, and others it can: another worker may.</summary>
    Unready,

    /// <summary>The worker, or the way to it, broke while it had the request.</summary>
    Died,
}

internal static class RelayFailures
{
    public static RelayFailure Classify(RpcException exception)
    {
        var details = RpcErrorDetails.From(exception);
        return exception.StatusCode switch
        {
            StatusCode.ResourceExhausted when details.Reason == ErrorReasons.QueueFull => RelayFailure.Full,
            _ when IsAboutModel(details.Reason) => RelayFailure.Unready,
            // An answer of the worker itself, such as that it is shutting down.
            StatusCode.Unavailable when details.Reason is not null => RelayFailure.Refused,
            StatusCode.Unavailable or StatusCode.Internal when NeverConnected(exception) => RelayFailure.Refused,
            // It has another secret than this router: between operators, none of the client's business.
            StatusCode.Unauthenticated when details.Reason == ErrorReasons.NotOfThisMesh => RelayFailure.Refused,
            StatusCode.Unavailable => RelayFailure.Died,
            // The transport's own failures have a cause on this side; a worker's status has none.
            StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown
                when exception.Status.DebugException is not null => RelayFailure.Died,
            // A stream reset by a dying server: nobody on this side cancelled, the caller has made sure of that.
            StatusCode.Cancelled => RelayFailure.Died,
            _ => RelayFailure.Final,
        };
    }

    private static bool IsAboutModel(string? reason) => reason
        is ErrorReasons.ModelLoading or ErrorReasons.ModelBroken or ErrorReasons.ModelLoadFailed
        or ErrorReasons.ModelMemoryFull or ErrorReasons.ModelTooLarge
        or UpstreamErrors.UnsuitedReason;

    private static bool NeverConnected(RpcException exception)
    {
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError }:
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.TimedOut }:
                    return true;
            }
        }

        return false;
    }
}
