using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

internal static partial class CacheLog
{
    [LoggerMessage(300, LogLevel.Warning, "The cache is off for a moment: {Reason}")]
    public static partial void RedisFailed(ILogger logger, string reason);

    [LoggerMessage(301, LogLevel.Debug, "{RequestId}: result {Outcome}")]
    public static partial void Served(ILogger logger, string requestId, CacheResult outcome);

    [LoggerMessage(302, LogLevel.Debug, "{RequestId}: the result is kept, {Bytes} bytes")]
    public static partial void Stored(ILogger logger, string requestId, int bytes);
}
