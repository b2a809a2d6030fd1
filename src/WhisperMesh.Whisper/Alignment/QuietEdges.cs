using System.Numerics.Tensors;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>
/// Takes the silence off the edges of words. Alignment splits a pause between the words at its sides as it likes: the first word of
/// a sentence would begin up to a second before it is spoken.
/// </summary>
internal sealed class QuietEdges
{
    private const int Frame = LogMel.Hop;

    // 35 dB below the loudest frame: speech has no softer sounds that matter here, and where noise is louder nothing is taken off.
    private const float Quiet = 0.0003f;

    private readonly bool[] _loud;

    public QuietEdges(ReadOnlySpan<float> samples)
    {
        var energy = new float[(samples.Length + Frame - 1) / Frame];
        for (var i = 0; i < energy.Length; i++)
        {
            var start = i * Frame;
            energy[i] = TensorPrimitives.SumOfSquares(samples[start..Math.Min(start + Frame, samples.Length)]);
        }
        var limit = energy.Length == 0 ? 0 : TensorPrimitives.Max<float>(energy) * Quiet;
        _loud = [.. energy.Select(value => value > limit)];
    }

    /// <summary>The part of the stretch that sounds, in seconds; all of it when none does.</summary>
    public (double Start, double End) Trim(double start, double end)
    {
        var first = Math.Clamp((int)Math.Round(start * LogMel.FramesPerSecond), 0, _loud.Length);
        var last = Math.Clamp((int)Math.Round(end * LogMel.FramesPerSecond), first, _loud.Length);
        var stretch = _loud.AsSpan(first, last - first);
        var sound = stretch.IndexOf(true);
        if (sound < 0)
        {
            return (start, end);
        }
        return (
            Math.Max(start, (double)(first + sound) / LogMel.FramesPerSecond),
            Math.Min(end, (double)(first + stretch.LastIndexOf(true) + 1) / LogMel.FramesPerSecond));
    }
}
