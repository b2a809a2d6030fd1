using WhisperMesh.Audio;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>The first two and a half seconds of voice of a stream, or what voice there is: enough to tell its language.</summary>
public sealed class SpokenStart
{
    private SpokenStart(SpeechWindow? window) => Window = window;

    /// <summary>Voice in it; zero where nobody spoke.</summary>
    public TimeSpan Voice => Window is null ? TimeSpan.Zero : TimeSpan.FromSeconds(Window.VoicedSeconds);

    internal SpeechWindow? Window { get; }

    /// <summary>Reads until enough was heard or the stream is over.</summary>
    /// <param name="vad">Finds the voice.</param>
    /// <param name="samples16kMono">The stream.</param>
    /// <param name="detection">What counts as voice; null for the engine's own.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<SpokenStart> ReadAsync(
        SileroVad vad,
        IAsyncEnumerable<ReadOnlyMemory<float>> samples16kMono,
        SpeechDetection? detection = null,
        CancellationToken cancellationToken = default)
    {
        var voice = new FirstVoice(new SileroSpeechFinder(vad, detection ?? new SpeechDetection()));
        var levels = new LevelNormalizer();
        float[] leveled = [];
        await foreach (var block in samples16kMono.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // In short steps, whatever the blocks: what comes after the answer needs no work.
            for (var at = 0; at < block.Length; at += LogMel.SampleRateHz)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var step = block.Span[at..Math.Min(block.Length, at + LogMel.SampleRateHz)];
                leveled = leveled.Length < step.Length ? new float[step.Length] : leveled;
                levels.Process(step, leveled);
                voice.Add(leveled.AsSpan(0, step.Length));
                if (voice.IsEnough)
                {
                    return new SpokenStart(voice.Complete(ended: false));
                }
            }
        }
        return new SpokenStart(voice.Complete(ended: true));
    }
}
