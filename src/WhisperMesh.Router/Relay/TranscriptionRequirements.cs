using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>What a worker must have for a transcription.</summary>
internal static class TranscriptionRequirements
{
    public static WorkerRequirements Of(TranscriptionConfig config, CompressedAudio compressedAudio)
    {
        var features = new List<string>
        {
            config.Task == TranscriptionTask.Translate ? WorkerFeatures.Translate : WorkerFeatures.Transcribe,
        };
        if (config.WordTimestamps)
        {
            features.Add(WorkerFeatures.WordTimestamps);
        }

        return new WorkerRequirements
        {
            Kind = ModelKind.Transcription,
            Model = config.Model,
            Language = config.LanguageCode,
            AllowedLanguages = config.LanguageCodes,
            Features = features,
            CompressedAudio = NeedsDecoder(config.AudioFormat) ? compressedAudio : CompressedAudio.None,
        };
    }

    // Only a format that is not declared can turn out to be one that needs ffmpeg.
    private static bool NeedsDecoder(AudioFormat? format) => (format?.Encoding ?? AudioEncoding.Unspecified) == AudioEncoding.Unspecified;
}
