using Google.Rpc;
using Grpc.Core;

namespace WhisperMesh.Client;

/// <summary>The mesh refused a request, failed on it, or could not be reached. The message is fit for users.</summary>
public sealed class WhisperMeshException : Exception
{
    private const string RequestIdHeader = "x-request-id";

    private WhisperMeshException(string message, StatusCode status, Exception? inner)
        : base(message, inner)
    {
        Status = status;
    }

    /// <summary>The gRPC status.</summary>
    public StatusCode Status { get; }

    /// <summary>Why, as a constant for programs, such as <c>MODEL_NOT_FOUND</c>; null when the mesh gave none.</summary>
    public string? Reason { get; private init; }

    /// <summary>The request field at fault by its name in the contract, such as <c>language_code</c>, if one is.</summary>
    public string? Field { get; private init; }

    /// <summary>How long to wait before trying again, when the mesh says that it makes sense.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Id of the request, for <see cref="WhisperMeshClient.ExplainAsync"/>; null when the mesh gave none.</summary>
    public string? RequestId { get; private init; }

    /// <summary>True when no connection was made, so that the request was never seen.</summary>
    public bool IsUnreachable { get; private init; }

    /// <summary>
    /// Whether it says nothing against the request itself: the connection broke, or this router can't serve now. Then a live stream may go
    /// on over another connection.
    /// </summary>
    internal bool MayGoOnElsewhere => Status == StatusCode.Unavailable
        || Reason == "CLIENT_TOO_SLOW"
        || (Reason is null && Status is StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled && InnerException is RpcException);

    internal static WhisperMeshException From(RpcException exception, Uri address)
    {
        var details = exception.GetRpcStatus();
        var reason = details?.GetDetail<ErrorInfo>()?.Reason;
        var unreachable = reason is null && IsConnectFailure(exception.Status.DebugException);
        var text = unreachable
            ? $"{address.GetLeftPart(UriPartial.Authority)}: {exception.Status.DebugException!.GetBaseException().Message}"
            : exception.Status.Detail;
        return new WhisperMeshException(text.Length > 0 ? text : exception.StatusCode.ToString(), exception.StatusCode, exception)
        {
            Reason = reason,
            Field = details?.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field,
            RetryAfter = details?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan(),
            RequestId = exception.Trailers.GetValue(RequestIdHeader),
            IsUnreachable = unreachable,
        };
    }

    internal static WhisperMeshException Broken(string message) => new(message, StatusCode.Internal, inner: null);

    /// <summary>A connection that is no use any more.</summary>
    internal static WhisperMeshException Lost(string message) => new(message, StatusCode.Unavailable, inner: null);

    internal static WhisperMeshException Gap(string message) => new(message, StatusCode.DataLoss, inner: null);

    /// <summary>The same failure, told in other words.</summary>
    internal WhisperMeshException AsLost(string message) => new(message, Status, this)
    {
        Reason = Reason,
        Field = Field,
        RetryAfter = RetryAfter,
        RequestId = RequestId,
        IsUnreachable = IsUnreachable,
    };

    /// <summary>The same failure once more, for another who waits.</summary>
    internal WhisperMeshException Again() => AsLost(Message);

    private static bool IsConnectFailure(Exception? exception) => exception switch
    {
        null => false,
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
        } => true,
        System.Net.Sockets.SocketException => true,
        _ => IsConnectFailure(exception.InnerException),
    };
}
