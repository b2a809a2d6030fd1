namespace WhisperMesh.Router.Realtime;

internal static partial class RealtimeLog
{
    [LoggerMessage(450, LogLevel.Information, "Realtime session {SessionId} ends: {Code} ({Reason})")]
    public static partial void Ended(ILogger logger, string sessionId, string code, string reason);

    [LoggerMessage(451, LogLevel.Error, "Realtime session {SessionId} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(452, LogLevel.Information, "Realtime client {RequestId} is gone, or does not read")]
    public static partial void ClientGone(ILogger logger, string requestId);
}
