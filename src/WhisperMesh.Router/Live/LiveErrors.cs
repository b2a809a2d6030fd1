using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Live;

/// <summary>What goes wrong with live streams, in one wording.</summary>
internal static class LiveErrors
{
    public const string TokenUnknownReason = "RESUME_TOKEN_UNKNOWN";
    public const string TakenOverReason = "TAKEN_OVER";
    public const string EndedReason = "STREAM_ENDED";
    public const string TooSlowReason = "CLIENT_TOO_SLOW";
    public const string IdleReason = "STREAM_IDLE";
    public const string TooLongReason = "STREAM_TOO_LONG";

    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(5);

    public static MeshException TooMany(int limit) => MeshException.Unavailable(
        ErrorReasons.Overloaded, $"This router has {limit} live streams and takes no more. Try again later.", FullRetry);

    public static MeshException Draining() => MeshException.Unavailable(
        ErrorReasons.Draining, "This router is shutting down. Go on at another one, or here once it is back.", TimeSpan.FromSeconds(1));

    public static MeshException TokenUnknown() => MeshException.NotFound(
        "resume.token",
        "No stream with this token is kept here: it has ended, or waited too long, or is another router's. With resume.checkpoint the stream goes on from there.",
        TokenUnknownReason);

    public static MeshException OtherConfig(string field) => MeshException.InvalidArgument(
        field, $"A stream goes on as it began: leave {field} out, or send what it began with.");

    public static MeshException IdTaken(string id) => MeshException.FailedPrecondition(
        ErrorReasons.FieldInvalid, $"A live stream with the request_id '{id}' runs already. Resume it with its token, or choose another id.", "request_id");

    public static MeshException TakenOver() => new(
        StatusCode.Aborted, TakenOverReason, "Another connection has taken this stream over with its token.");

    public static MeshException Ended() => MeshException.FailedPrecondition(
        EndedReason, "The stream has been completed, so nothing can be sent any more.");

    public static MeshException WentOn() => new(
        StatusCode.Aborted, TakenOverReason, "The stream went on elsewhere, and was resumed from there.");

    public static MeshException Abandoned() => new(StatusCode.Cancelled, EndedReason, "The stream was given up.");

    public static MeshException TooSlow() => MeshException.ResourceExhausted(
        TooSlowReason, "The client reads too slowly: what it has not read is no longer kept. It may resume the stream.");

    public static MeshException Gap(long position, long expected) => MeshException.InvalidArgument(
        "audio.position", $"The audio begins at byte {position}, and {expected} bytes have been received: what lies between is missing.");

    public static MeshException Idle(TimeSpan timeout) => new(
        StatusCode.DeadlineExceeded, IdleReason, $"No audio came for {timeout.TotalSeconds:0} s, so the stream has been ended.");

    public static MeshException TooLong(TimeSpan longest) => new(
        StatusCode.DeadlineExceeded, TooLongReason, $"The stream has reached the longest that one may be, {longest.TotalMinutes:0.#} min.");

    public static MeshException NoWorkerAgain(TimeSpan window) => MeshException.Unavailable(
        ErrorReasons.NoWorker,
        $"The worker was lost and within {window.TotalSeconds:0} s no other could take the stream over. Go on from the last checkpoint later.",
        RouterErrors.RetryAfter);

    public static MeshException WorkersLost(int count) => MeshException.Unavailable(
        ErrorReasons.NoWorker, $"{count} workers in a row were lost with this stream and brought no new word.", RouterErrors.RetryAfter);
}
