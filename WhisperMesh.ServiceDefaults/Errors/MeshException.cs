using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace WhisperMesh.ServiceDefaults.Errors;

/// <summary>A failure with a meaning for the caller: it becomes a gRPC status with google.rpc details.</summary>
public sealed class MeshException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="statusCode">gRPC status.</param>
    /// <param name="reason">Constant for programs, UPPER_SNAKE_CASE.</param>
    /// <param name="message">Sentence for people; it reaches the caller.</param>
    /// <param name="innerException">Cause, for the log only.</param>
    public MeshException(StatusCode statusCode, string reason, string message, Exception? innerException = null)
        : base(message, innerException) => (StatusCode, Reason) = (statusCode, reason);

    /// <summary>gRPC status.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>Constant for programs, such as those in <see cref="ErrorReasons"/>.</summary>
    public string Reason { get; }

    /// <summary>Proto name of the field at fault, such as <c>audio_format.encoding</c>.</summary>
    public string? Field { get; init; }

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The value of a field is bad.</summary>
    public static MeshException InvalidArgument(string field, string message, string reason = ErrorReasons.FieldInvalid) =>
        new(StatusCode.InvalidArgument, reason, message) { Field = field };

    /// <summary>A field names something that does not exist.</summary>
    public static MeshException NotFound(string field, string message, string reason = ErrorReasons.ModelNotFound) =>
        new(StatusCode.NotFound, reason, message) { Field = field };

    /// <summary>The request can't be served in this state, whatever its values.</summary>
    public static MeshException FailedPrecondition(string reason, string message, string? field = null) =>
        new(StatusCode.FailedPrecondition, reason, message) { Field = field };

    /// <summary>A limit is reached.</summary>
    public static MeshException ResourceExhausted(string reason, string message, TimeSpan? retryAfter = null, string? field = null) =>
        new(StatusCode.ResourceExhausted, reason, message) { RetryAfter = retryAfter, Field = field };

    /// <summary>Nothing can serve the request now.</summary>
    public static MeshException Unavailable(string reason, string message, TimeSpan? retryAfter = null) =>
        new(StatusCode.Unavailable, reason, message) { RetryAfter = retryAfter };

    /// <summary>The caller's time was up before the work began.</summary>
    public static MeshException DeadlineExceeded() =>
        new(StatusCode.DeadlineExceeded, ErrorReasons.DeadlineExceeded, "The request's deadline passed before the work began.");

    /// <summary>The same failure as gRPC sends it.</summary>
    public RpcException ToRpcException()
    {
        var status = new Google.Rpc.Status { Code = (int)StatusCode, Message = Message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = Reason, Domain = ErrorReasons.Domain }));
        if (Field is not null)
        {
            var badRequest = new BadRequest();
            badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = Field, Description = Message });
            status.Details.Add(Any.Pack(badRequest));
        }

        if (RetryAfter is { } retryAfter)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }));
        }

        return status.ToRpcException();
    }
}
