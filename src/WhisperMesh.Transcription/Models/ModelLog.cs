namespace WhisperMesh.Transcription.Models;

internal static partial class ModelLog
{
    [LoggerMessage(200, LogLevel.Information, "Model {Model} is loaded in {Elapsed} and takes {Bytes} bytes")]
    public static partial void Loaded(ILogger logger, string model, TimeSpan elapsed, long bytes);

    [LoggerMessage(201, LogLevel.Error, "Model {Model} could not be loaded: {Errors}")]
    public static partial void LoadFailed(ILogger logger, string model, string errors, Exception? exception);

    [LoggerMessage(202, LogLevel.Information, "Model {Model} is unloaded: {Reason}")]
    public static partial void Unloaded(ILogger logger, string model, UnloadReason reason);

    [LoggerMessage(203, LogLevel.Error, "Model {Model} is given up but was not unloaded cleanly")]
    public static partial void UnloadFailed(ILogger logger, Exception exception, string model);

    [LoggerMessage(204, LogLevel.Warning, "Model {Model} is not loaded at start: {Reason}")]
    public static partial void NotWarm(ILogger logger, string model, string reason);
}
