using System.Globalization;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Authentication;

/// <summary>Answers a gRPC call before it reaches its service: the status stands in the headers, without a body.</summary>
internal static class GrpcRefusal
{
    public static void Write(HttpResponse response, MeshException exception)
    {
        var error = exception.ToRpcException();
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)error.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(error.Status.Detail);
        foreach (var entry in error.Trailers)
        {
            response.Headers[entry.Key] = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;
        }
    }
}
