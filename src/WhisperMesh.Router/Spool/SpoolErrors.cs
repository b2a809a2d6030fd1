using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Spool;

internal static class SpoolErrors
{
    public const string FullReason = "SPOOL_FULL";

    public static MeshException UploadTooLarge(long limit) => MeshException.ResourceExhausted(
        ErrorReasons.AudioTooLarge, $"The audio is larger than the limit of {limit} bytes.", field: "audio");

    public static MeshException QuotaReached() => MeshException.ResourceExhausted(
        FullReason, "The uploads in flight take all the disk space they may. Try again later.", RouterErrors.RetryAfter);

    public static MeshException NotWritable(Exception cause) => new(
        StatusCode.ResourceExhausted, FullReason, "The router cannot store the upload: its disk is full or not writable.", cause);
}
