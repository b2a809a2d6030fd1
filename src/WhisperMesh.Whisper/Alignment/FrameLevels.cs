using System.Numerics.Tensors;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>How loud each 10 ms of a window is, and whether that is voice or what lies between.</summary>
internal sealed class FrameLevels
{
    private const int Frame = LogMel.Hop;

    // The softest sounds of speech lie some 35 dB below its loudest; what is less than 15 dB below is always taken for speech.
    private const float SpeechRange = 35;
    private const float AlwaysSpeech = 15;
    private const float AboveNoise = 6;

    // Speakers and distances change within a window: loud is what is loud here.
    private const int Around = 150;

    private readonly float[] _levels;
    private readonly float[] _limits;

    public FrameLevels(ReadOnlySpan<float> samples)
    {
        _levels = new float[(samples.Length + Frame - 1) / Frame];
        for (var i = 0; i < _levels.Length; i++)
        {
            var frame = samples[(i * Frame)..Math.Min((i + 1) * Frame, samples.Length)];
            _levels[i] = 10 * MathF.Log10(TensorPrimitives.SumOfSquares(frame) + 1e-9f);
        }
        _limits = new float[_levels.Length];
        var noise = Noise(_levels);
        for (var i = 0; i < _limits.Length; i++)
        {
            var from = Math.Max(0, i - Around);
            var peak = TensorPrimitives.Max<float>(_levels.AsSpan(from, Math.Min(_levels.Length, i + Around + 1) - from));
            _limits[i] = Math.Clamp(noise + AboveNoise, peak - SpeechRange, peak - AlwaysSpeech);
        }
    }

    public int Count => _levels.Length;

    public bool IsLoud(int frame) => _levels[frame] > _limits[frame];

    /// <summary>The level below which a tenth of the window lies.</summary>
    private static float Noise(float[] levels)
    {
        var sorted = levels.AsSpan().ToArray();
        sorted.AsSpan().Sort();
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 10];
    }
}
