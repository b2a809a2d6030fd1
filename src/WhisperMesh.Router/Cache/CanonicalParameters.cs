using Google.Protobuf;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>
/// The parameters of a request that decide its result, in one form: what means the same looks the same. A field that is not known
/// here counts, so that a new one splits the cache rather than mixing results up.
/// </summary>
internal static class CanonicalParameters
{
    // What the contract says of fields that are not set.
    private const int BeamSize = 1;
    private const int BestOf = 5;
    private const float CompressionRatio = 2.4f;
    private const float LogProbability = -1f;
    private const float NoSpeech = 0.6f;
    private const int SwitchWindows = 2;
    private const float SwitchProbability = 0.8f;
    private const float VoiceThreshold = 0.5f;

    public static byte[] Of(TranscriptionConfig config)
    {
        var canonical = config.Clone();
        ClearWhatDecidesNothing(canonical);
        canonical.LanguageCode = Spelt(canonical.LanguageCode);
        var languages = canonical.LanguageCodes.Select(Spelt).Distinct().Order(StringComparer.Ordinal).ToList();
        canonical.LanguageCodes.Clear();
        canonical.LanguageCodes.Add(languages);
        canonical.Task = Unless(canonical.Task, TranscriptionTask.Transcribe);
        canonical.ChannelMode = Unless(canonical.ChannelMode, ChannelMode.Mixed);
        canonical.BeamSize = Unless(canonical.BeamSize, BeamSize);
        canonical.BestOf = Unless(canonical.BestOf, BestOf);
        // Minus zero is another number to the serializer.
        canonical.Temperature += 0f;
        canonical.AudioFormat = OrNull(canonical.AudioFormat);
        canonical.Thresholds = Normalized(canonical.Thresholds);
        canonical.LanguageSwitching = Normalized(canonical.LanguageSwitching);
        canonical.VoiceActivity = Normalized(canonical.VoiceActivity);
        if (canonical.ResumeOffset is { Seconds: 0, Nanos: 0 })
        {
            canonical.ResumeOffset = null;
        }

        return canonical.ToByteArray();
    }

    private static void ClearWhatDecidesNothing(TranscriptionConfig config)
    {
        config.RequestId = "";
        config.Attempt = 0;
        config.RequestClass = RequestClass.Unspecified;
        config.CacheScope = "";
        // An alias; which weights serve it stands in the key by their revision.
        config.Model = "";
        // They add to the result and change nothing else of it; a stored result says whether it has them.
        config.WordTimestamps = false;
        config.TokenDetails = false;
    }

    private static DecodingThresholds? Normalized(DecodingThresholds? thresholds)
    {
        if (thresholds is { HasCompressionRatio: true, CompressionRatio: CompressionRatio })
        {
            thresholds.ClearCompressionRatio();
        }

        if (thresholds is { HasLogProbability: true, LogProbability: LogProbability })
        {
            thresholds.ClearLogProbability();
        }

        if (thresholds is { HasNoSpeech: true, NoSpeech: NoSpeech })
        {
            thresholds.ClearNoSpeech();
        }

        return OrNull(thresholds);
    }

    private static LanguageSwitching? Normalized(LanguageSwitching? switching)
    {
        if (switching is not null)
        {
            switching.WindowCount = Unless(switching.WindowCount, SwitchWindows);
            switching.Probability = Unless(switching.Probability, SwitchProbability);
        }

        return OrNull(switching);
    }

    private static VoiceActivity? Normalized(VoiceActivity? activity)
    {
        if (activity is { HasThreshold: true, Threshold: VoiceThreshold })
        {
            activity.ClearThreshold();
        }

        return OrNull(activity);
    }

    private static T Unless<T>(T value, T standard)
        where T : struct => EqualityComparer<T>.Default.Equals(value, standard) ? default : value;

    private static T? OrNull<T>(T? message)
        where T : class, IMessage => message?.CalculateSize() > 0 ? message : null;

    // With the region, though it decides nothing here: the reply warns of it, and an upstream may know what to make of it.
    private static string Spelt(string language) => language.ToLowerInvariant();
}
