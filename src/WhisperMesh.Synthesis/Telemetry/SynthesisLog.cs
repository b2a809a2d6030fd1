namespace WhisperMesh.Synthesis.Telemetry;

internal static partial class SynthesisLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "Loaded the voice {Model} ({SampleRateHz} Hz, {Threads} threads)")]
    public static partial void VoiceLoaded(this ILogger logger, string model, int sampleRateHz, int threads);

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning,
        Message = "ffmpeg ({Path}) can't be used: speech is given as WAV and PCM only. Install ffmpeg, or set Synthesis:FfmpegPath")]
    public static partial void FfmpegMissing(this ILogger logger, string path);

    [LoggerMessage(EventId = 302, Level = LogLevel.Information,
        Message = "Spoke {Audio} of audio for request {RequestId} in {Elapsed}, first audio after {FirstAudio}, queued for {Queued}")]
    public static partial void Spoke(
        this ILogger logger, string requestId, TimeSpan audio, TimeSpan elapsed, TimeSpan firstAudio, TimeSpan queued);
}
