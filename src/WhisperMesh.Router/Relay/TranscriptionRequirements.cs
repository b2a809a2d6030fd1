using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Relay;

/// <summary>What a worker must have for a transcription.</summary>
internal static class TranscriptionRequirements
{
    public static WorkerRequirements Of(TranscriptionConfig config, CompressedAudio compressedAudio) =>
        new()
        {
            Kind = ModelKind.Transcription,
            Model = config.Model,
            Language = config.LanguageCode,
            AllowedLanguages = config.LanguageCodes,
            Features = [.. Features(config)],
            CompressedAudio = NeedsDecoder(config.AudioFormat) ? compressedAudio : CompressedAudio.None,
        };

    // What a worker that lacks the feature would ignore. The class of a request is none: without it, it only waits its turn.
    private static IEnumerable<string> Features(TranscriptionConfig config)
    {
        yield return config.Task == TranscriptionTask.Translate ? WorkerFeatures.Translate : WorkerFeatures.Transcribe;
        if (config.WordTimestamps)
        {
            yield return WorkerFeatures.WordTimestamps;
        }

        if (config.ChannelMode == ChannelMode.Separate)
        {
            yield return WorkerFeatures.Channels;
        }

        if (config.Keywords.Count > 0)
        {
            yield return WorkerFeatures.Keywords;
        }

        if (config.BeamSize > 1)
        {
            yield return WorkerFeatures.BeamSearch;
        }
    }

    // Only a format that is not declared can turn out to be one that needs ffmpeg.
    private static bool NeedsDecoder(AudioFormat? format) => (format?.Encoding ?? AudioEncoding.Unspecified) == AudioEncoding.Unspecified;
}
