namespace WhisperMesh.Audio;

/// <summary>What can be read, whatever the container.</summary>
public static class AudioLimits
{
    public const int MinSampleRateHz = 4_000;
    public const int MaxSampleRateHz = 192_000;
    public const int MaxChannelCount = 64;

    /// <summary>The rate of all decoded audio, which the models hear.</summary>
    public const int SpeechSampleRateHz = 16_000;

    internal static void CheckSampleRate(long sampleRateHz, string source)
    {
        if (sampleRateHz is < MinSampleRateHz or > MaxSampleRateHz)
        {
            throw new AudioException(
                AudioErrorReason.Unsupported,
                $"{source} says {sampleRateHz} Hz; {MinSampleRateHz} to {MaxSampleRateHz} Hz can be read.");
        }
    }

    internal static void CheckChannelCount(int channelCount, string source)
    {
        if (channelCount is < 1 or > MaxChannelCount)
        {
            throw new AudioException(
                AudioErrorReason.Unsupported,
                $"{source} says {channelCount} channels; 1 to {MaxChannelCount} can be read.");
        }
    }
}
