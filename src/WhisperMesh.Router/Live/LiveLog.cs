namespace WhisperMesh.Router.Live;

/// <summary>Log messages of live streams; never audio, text or a token.</summary>
internal static partial class LiveLog
{
    [LoggerMessage(420, LogLevel.Information, "{RequestId}: live stream of {Tenant} began at worker {WorkerId}, model {Model}")]
    public static partial void Began(ILogger logger, string requestId, string tenant, string workerId, string model);

    [LoggerMessage(421, LogLevel.Information, "{RequestId}: live stream ended after {Seconds:F1} s of audio, {Attempts} workers ({Outcome})")]
    public static partial void Ended(ILogger logger, string requestId, double seconds, int attempts, string outcome);

    [LoggerMessage(422, LogLevel.Warning, "{RequestId}: worker {WorkerId} is lost to the live stream ({Why}); another is sought")]
    public static partial void WorkerLost(ILogger logger, string requestId, string workerId, string why);

    [LoggerMessage(423, LogLevel.Information, "{RequestId}: a client came back to the live stream")]
    public static partial void Resumed(ILogger logger, string requestId);

    [LoggerMessage(424, LogLevel.Error, "{RequestId}: {Observer} failed on an event; the stream goes on")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, string requestId, string observer);

    [LoggerMessage(425, LogLevel.Error, "{RequestId}: live stream failed")]
    public static partial void Failed(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(426, LogLevel.Warning, "{RequestId}: {Count} times worker {WorkerId} would have repeated or changed what stands; it was put right")]
    public static partial void Corrected(ILogger logger, string requestId, int count, string workerId);

    [LoggerMessage(428, LogLevel.Information, "{RequestId}: the WebSocket broke; its live stream waits for its client")]
    public static partial void SocketBroke(ILogger logger, string requestId);

    [LoggerMessage(427, LogLevel.Information, "Shutting down: {Count} live streams are sent to other routers")]
    public static partial void Draining(ILogger logger, int count);
}
