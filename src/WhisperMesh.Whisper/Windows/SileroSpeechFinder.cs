using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Windows;

/// <summary>The voice activity model over one stream.</summary>
internal sealed class SileroSpeechFinder(SileroVad model, SpeechDetection detection) : ISpeechFinder
{
    private readonly VoiceActivityDetector _detector = new(model, OptionsOf(detection));

    public long SettledUntil => _detector.SettledUntil;

    public IReadOnlyList<SpeechSpan> Add(ReadOnlySpan<float> samples) => _detector.Process(samples);

    public IReadOnlyList<SpeechSpan> Complete() => _detector.Complete();

    private static VoiceActivityOptions OptionsOf(SpeechDetection detection)
    {
        var standard = new VoiceActivityOptions();
        return new VoiceActivityOptions
        {
            Threshold = detection.Threshold ?? standard.Threshold,
            MinSilence = detection.Silence ?? standard.MinSilence,
            // What is asked for before speech is added by the windower; the detector must not add more than that.
            Padding = detection.Prefix < standard.Padding ? detection.Prefix.Value : standard.Padding,
        };
    }
}
