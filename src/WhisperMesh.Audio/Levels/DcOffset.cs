using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Levels;

/// <summary>Follows the constant offset of a stream, which is nothing unless it is large.</summary>
internal sealed class DcOffset(double threshold)
{
    // 0.2 of full scale a second: an offset of 0.1 is gone after half a second, and the slope itself is no sound.
    private const float StepPerSample = 0.2f / AudioLimits.SpeechSampleRateHz;

    // Each half second counts as much as all before it: three of them are needed to believe in an offset that has just begun.
    private const double NewShare = 0.5;

    private double _sum;
    private double _mean;
    private float _wanted;

    /// <summary>What is to be taken from the next sample.</summary>
    public float Value { get; private set; }

    /// <summary>Nothing is taken, now and until the segment ends.</summary>
    public bool IsIdle => Value == 0 && _wanted == 0;

    public void Add(ReadOnlySpan<float> frame) => _sum += TensorPrimitives.Sum(frame);

    public void EndSegment(int sampleCount)
    {
        _mean += NewShare * ((_sum / sampleCount) - _mean);
        _sum = 0;

        // Half the threshold to let go: an offset at the threshold does not come and go.
        _wanted = Math.Abs(_mean) >= (_wanted == 0 ? threshold : threshold / 2) ? (float)_mean : 0;
    }

    public void Advance() => Value += Math.Clamp(_wanted - Value, -StepPerSample, StepPerSample);
}
