using System.Globalization;
using System.Text.Json;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>What a transcription asks of the engine, as the fields of this mesh's own HTTP API, which other upstreams may lack.</summary>
internal static class UpstreamOptions
{
    /// <returns>Field, value, and what is lost without the field; nothing where that needs no word.</returns>
    public static IEnumerable<(string Field, string Value, string What)> Of(TranscriptionConfig config)
    {
        if (config.BeamSize > 1)
        {
            yield return ("beam_size", Text(config.BeamSize), "how many beams to follow");
        }

        if (config.BestOf > 0)
        {
            yield return ("best_of", Text(config.BestOf), "how many texts to sample");
        }

        if (config.CarryContext)
        {
            yield return ("carry_context", "true", "to carry the context over");
        }

        if (config.ChannelMode == ChannelMode.Separate)
        {
            yield return ("channels", "separate", "to keep channels apart");
        }

        if (config.Seed != 0)
        {
            yield return ("seed", Text(config.Seed), "a seed");
        }

        if (config.RequestClass != RequestClass.Unspecified)
        {
            yield return ("request_class", config.RequestClass.ToString().ToLowerInvariant(), "");
        }

        foreach (var threshold in Thresholds(config.Thresholds ?? new DecodingThresholds()))
        {
            yield return threshold;
        }

        if (config.VoiceActivity is { } voice)
        {
            yield return (ChunkingField.Name, Chunking(voice), "how to tell speech from silence");
        }
    }

    private static IEnumerable<(string Field, string Value, string What)> Thresholds(DecodingThresholds thresholds)
    {
        if (thresholds.HasCompressionRatio)
        {
            yield return ("compression_ratio_threshold", UpstreamForm.Text(thresholds.CompressionRatio), "a threshold of the compression ratio");
        }

        if (thresholds.HasLogProbability)
        {
            yield return ("logprob_threshold", UpstreamForm.Text(thresholds.LogProbability), "a threshold of the log probability");
        }

        if (thresholds.HasNoSpeech)
        {
            yield return ("no_speech_threshold", UpstreamForm.Text(thresholds.NoSpeech), "a threshold of the no-speech probability");
        }
    }

    private static string Chunking(VoiceActivity voice)
    {
        var parts = new Dictionary<string, object> { ["type"] = ChunkingField.ServerVad };
        if (voice.HasThreshold)
        {
            parts["threshold"] = voice.Threshold;
        }

        if (voice.SilenceDuration is { } silence)
        {
            parts["silence_duration_ms"] = (int)silence.ToTimeSpan().TotalMilliseconds;
        }

        if (voice.PrefixPadding is { } padding)
        {
            parts["prefix_padding_ms"] = (int)padding.ToTimeSpan().TotalMilliseconds;
        }

        return JsonSerializer.Serialize(parts);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
