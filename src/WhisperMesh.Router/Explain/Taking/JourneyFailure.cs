using System.Globalization;
using Grpc.Core;
using WhisperMesh.Router.Http;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>Why a request failed, as its caller was told.</summary>
internal sealed record JourneyFailure(string Reason, string Message, string Field, string Status)
{
    public static JourneyFailure Of(Exception exception, bool overGrpc) => exception switch
    {
        ApiException api => new(
            api.Error.Code?.ToUpperInvariant() ?? "", api.Message, api.Error.Param ?? "", Number(api.Error.Status)),
        MeshException mesh => new(
            mesh.Reason, mesh.Message, mesh.Field ?? "", overGrpc ? mesh.StatusCode.ToString() : Number(OpenAiErrors.From(mesh).Status)),
        BadHttpRequestException bad => new("BAD_REQUEST", bad.Message, "", Number(bad.StatusCode)),

        // Its message is for the log alone.
        _ => new(ErrorReasons.Internal, "The service failed; its log says why.", "", overGrpc ? nameof(StatusCode.Internal) : "500"),
    };

    /// <summary>What the trailers of a call say; null: it went well.</summary>
    public static JourneyFailure? OfCall(HttpResponse response)
    {
        var trailers = response.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseTrailersFeature>()?.Trailers;
        var told = trailers?.ContainsKey("grpc-status") == true ? trailers : response.Headers;
        if (!int.TryParse(told["grpc-status"], NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code == 0)
        {
            return null;
        }

        var metadata = new Metadata();
        const string details = "grpc-status-details-bin";
        if (TryDecode(told[details].ToString()) is { } bytes)
        {
            metadata.Add(details, bytes);
        }

        var status = new Status((StatusCode)code, Uri.UnescapeDataString(told["grpc-message"].ToString()));
        var found = RpcErrorDetails.From(new RpcException(status, metadata));
        return new JourneyFailure(found.Reason ?? status.StatusCode.ToString(), found.Message, found.Field ?? "", status.StatusCode.ToString());
    }

    private static byte[]? TryDecode(string text)
    {
        // gRPC leaves the padding out.
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return text.Length > 0 && Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
