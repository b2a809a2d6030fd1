namespace WhisperMesh.Router.Explain.Taking;

/// <summary>How requests come, as records name it.</summary>
internal static class Protocols
{
    public const string Http = "http";
    public const string Grpc = "grpc";
    public const string WebSocket = "websocket";
}
