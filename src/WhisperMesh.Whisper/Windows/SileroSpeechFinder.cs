using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Windows;

/// <summary>The voice activity model over one stream.</summary>
internal sealed class SileroSpeechFinder(SileroVad model) : ISpeechFinder
{
    private readonly VoiceActivityDetector _detector = new(model);

    public long SettledUntil => _detector.SettledUntil;

    public IReadOnlyList<SpeechSpan> Add(ReadOnlySpan<float> samples) => _detector.Process(samples);

    public IReadOnlyList<SpeechSpan> Complete() => _detector.Complete();
}
