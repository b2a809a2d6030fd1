namespace WhisperMesh.Transcription.Live;

internal static partial class LiveLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information,
        Message = "Live stream {RequestId}, attempt {Attempt}, has begun with model {Model} at {Begin}")]
    public static partial void Started(ILogger logger, string requestId, int attempt, string model, TimeSpan begin);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "Live stream {RequestId} has {Outcome} after {Audio} of audio")]
    public static partial void Ended(ILogger logger, string requestId, string outcome, TimeSpan audio);
}
