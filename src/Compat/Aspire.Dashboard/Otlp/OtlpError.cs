using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;

namespace Aspire.Dashboard.Otlp;

/// <summary>OTLP over HTTP tells errors as a google.rpc.Status in the encoding of the request.</summary>
internal static class OtlpError
{
    public static async Task WriteAsync(HttpContext http, int httpStatus, StatusCode code, string message)
    {
        http.Response.StatusCode = httpStatus;
        if (OtlpHttpEndpoints.IsJson(http.Request.ContentType))
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(JsonSerializer.Serialize(new { code = (int)code, message }), http.RequestAborted);
        }
        else
        {
            http.Response.ContentType = OtlpHttpEndpoints.ProtobufType;
            await http.Response.Body.WriteAsync(new OpenTelemetry.Proto.Rpc.Status { Code = (int)code, Message = message }.ToByteArray(), http.RequestAborted);
        }
    }
}
