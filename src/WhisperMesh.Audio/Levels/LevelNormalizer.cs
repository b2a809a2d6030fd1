using System.Numerics.Tensors;
using WhisperMesh.Audio.Levels;

namespace WhisperMesh.Audio;

/// <summary>
/// Brings the level of one channel of 16 kHz samples to where the models expect speech. Speech of a normal level passes unchanged,
/// to the bit. Very quiet speech is raised little by little, and only on sound that moves like speech: silence and hiss never are.
/// Samples above full scale (float files that are scaled wrong) are brought under it, and a large constant offset is taken out.
/// Each sample is given at once and depends on none after it; any split into blocks gives the same samples. Not thread-safe: one a channel.
/// </summary>
public sealed class LevelNormalizer
{
    private readonly LevelMeter _meter = new();
    private readonly DcOffset _offset;
    private readonly GainControl _gain;
    private readonly float[] _frame = new float[LevelMeter.FrameLength];
    private int _count;

    public LevelNormalizer(LevelOptions? options = null)
    {
        options ??= new LevelOptions();
        _offset = new DcOffset(options.DcOffsetAbove);
        _gain = new GainControl(options);
    }

    /// <summary>Takes the next samples and writes as many.</summary>
    /// <param name="input">Samples with full scale at -1 and 1.</param>
    /// <param name="output">At least as long; it may be the input itself.</param>
    public void Process(ReadOnlySpan<float> input, Span<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, input.Length);
        while (input.Length > 0)
        {
            var count = Math.Min(input.Length, LevelMeter.FrameLength - _count);
            input[..count].CopyTo(_frame.AsSpan(_count));
            Apply(_frame.AsSpan(_count, count), output);
            _count += count;
            if (_count == LevelMeter.FrameLength)
            {
                EndFrame();
            }

            input = input[count..];
            output = output[count..];
        }
    }

    private void Apply(ReadOnlySpan<float> samples, Span<float> output)
    {
        if (_gain.IsIdle && _offset.IsIdle && TensorPrimitives.MaxMagnitude(samples) is >= -1 and <= 1)
        {
            samples.CopyTo(output);
            return;
        }

        for (var i = 0; i < samples.Length; i++)
        {
            _offset.Advance();
            output[i] = _gain.Apply(samples[i] - _offset.Value);
        }
    }

    private void EndFrame()
    {
        _count = 0;
        _offset.Add(_frame);
        if (!_offset.IsIdle)
        {
            TensorPrimitives.Subtract(_frame, _offset.Value, _frame);
        }

        if (_meter.Add(_frame))
        {
            _offset.EndSegment(LevelMeter.FramesPerSegment * LevelMeter.FrameLength);
            _gain.EndSegment(_meter.Peak, _meter.IsLikeSpeech);
        }

        _gain.EndFrame();
    }
}
