using System.Numerics.Tensors;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Tokens;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Finds what a text leaves out at the end of its window. The model sometimes ends after a sentence though others follow, with a
/// prompt more often; the Whisper authors go on from the last timestamp too.
/// </summary>
internal static class UnheardRest
{
    // Less may be the tail of the last word, whose end the model puts early.
    private const double LeastSeconds = 1.5;
    private const double LeastSoundSeconds = 0.7;

    // 30 dB below the loudest: the silence kept around speech is less.
    private const float Soft = 0.001f;

    /// <summary>Seconds in the window from which on it has to be heard again; null when the text covers it.</summary>
    public static double? Find(SpeechWindow window, DecodedText text, ControlTokens control)
    {
        if (text.Tokens.Count == 0 || !text.EndedByModel || !control.IsTimestamp(text.Tokens[^1]))
        {
            return null;
        }
        var end = SegmentSplitter.SecondsOf(text.Tokens[^1], control);
        return end >= LeastSoundSeconds && window.Seconds - end >= LeastSeconds && SoundAfter(window, end) >= LeastSoundSeconds ? end : null;
    }

    private static double SoundAfter(SpeechWindow window, double seconds)
    {
        var frames = window.Samples.Length / LogMel.Hop;
        var energy = new float[frames];
        for (var frame = 0; frame < frames; frame++)
        {
            energy[frame] = TensorPrimitives.SumOfSquares<float>(window.Samples.AsSpan(frame * LogMel.Hop, LogMel.Hop));
        }
        var limit = TensorPrimitives.Max<float>(energy) * Soft;
        var loud = 0;
        for (var frame = (int)(seconds * LogMel.FramesPerSecond); frame < frames; frame++)
        {
            loud += energy[frame] > limit ? 1 : 0;
        }
        return (double)loud / LogMel.FramesPerSecond;
    }
}
