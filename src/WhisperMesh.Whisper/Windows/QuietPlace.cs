using System.Numerics.Tensors;

namespace WhisperMesh.Whisper.Windows;

/// <summary>Where to cut speech that runs on without a pause: the quietest fifth of a second, most likely between words.</summary>
internal static class QuietPlace
{
    private const int Step = 160;
    private const int Stretch = 3_200;

    /// <summary>The middle of the quietest stretch, as an index into the samples.</summary>
    public static int Find(ReadOnlySpan<float> samples)
    {
        if (samples.Length <= Stretch)
        {
            return samples.Length / 2;
        }
        var best = samples.Length / 2;
        var lowest = double.MaxValue;
        for (var start = 0; start + Stretch <= samples.Length; start += Step)
        {
            var energy = TensorPrimitives.SumOfSquares(samples.Slice(start, Stretch));
            if (energy < lowest)
            {
                lowest = energy;
                best = start + Stretch / 2;
            }
        }
        return best;
    }
}
