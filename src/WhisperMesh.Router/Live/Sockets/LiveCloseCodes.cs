using System.Net.WebSockets;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Live.Sockets;

/// <summary>What errors mean to WebSockets: whether it helps to connect again.</summary>
internal static class LiveCloseCodes
{
    /// <summary>The service restarts: connect again, elsewhere or later.</summary>
    public const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;

    /// <summary>Too much at the moment: try again later.</summary>
    public const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    public static WebSocketCloseStatus Of(MeshException error) => error switch
    {
        { Reason: ErrorReasons.Draining } => ServiceRestart,
        { StatusCode: StatusCode.Unavailable or StatusCode.ResourceExhausted } => TryAgainLater,
        { StatusCode: StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss } => WebSocketCloseStatus.InternalServerError,
        _ => WebSocketCloseStatus.PolicyViolation,
    };
}
