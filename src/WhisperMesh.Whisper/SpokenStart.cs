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

    /// <summary>Reads 16 kHz mono until enough was heard or the stream is over.</summary>
    public static async Task<SpokenStart> ReadAsync(
        SileroVad vad, IAsyncEnumerable<ReadOnlyMemory<float>> samples16kMono, CancellationToken cancellationToken = default)
    {
        var voice = new FirstVoice(new SileroSpeechFinder(vad, new SpeechDetection()));
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
