namespace WhisperMesh.Router.Captions.Channels;

internal static partial class CaptionLogging
{
    [LoggerMessage(470, LogLevel.Information, "Captions '{Name}': published by session {SessionId}")]
    public static partial void Published(ILogger logger, string name, string sessionId);

    [LoggerMessage(471, LogLevel.Information, "Captions '{Name}': session {SessionId} goes on here")]
    public static partial void TakenOver(ILogger logger, string name, string sessionId);

    [LoggerMessage(472, LogLevel.Error, "Captions '{Name}' of session {SessionId} failed and are over")]
    public static partial void Failed(ILogger logger, Exception exception, string name, string sessionId);

    [LoggerMessage(473, LogLevel.Warning, "Captions are not shared with other routers for now: {Reason}")]
    public static partial void NotShared(ILogger logger, string reason);

    [LoggerMessage(474, LogLevel.Information, "Captions '{Name}': session {SessionId} was taken over by another router")]
    public static partial void Lost(ILogger logger, string name, string sessionId);

    [LoggerMessage(475, LogLevel.Warning, "Captions '{Name}': session {SessionId} broke off and did not come back")]
    public static partial void Interrupted(ILogger logger, string name, string sessionId);

    [LoggerMessage(476, LogLevel.Warning, "The oldest captions are let go: more than {Bytes} bytes are kept in memory")]
    public static partial void Full(ILogger logger, long bytes);

    [LoggerMessage(477, LogLevel.Information, "A viewer of captions '{Name}' took longer than it may and was let go")]
    public static partial void ViewerStuck(ILogger logger, string name);

    [LoggerMessage(479, LogLevel.Warning, "Captions '{Name}': another session publishes under this name, so session {SessionId} is not published")]
    public static partial void NameTaken(ILogger logger, string name, string sessionId);

    [LoggerMessage(478, LogLevel.Error, "Looking after captions failed")]
    public static partial void KeepingFailed(ILogger logger, Exception exception);
}
