using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Levels;

/// <summary>
/// Measures half a second of sound by its frames: how loud it is, and whether it moves as speech does. Speech swings by 20 to 40 dB
/// from syllable to gap; hiss, hum and a dial tone keep their level to a decibel, however loud they are.
/// </summary>
internal sealed class LevelMeter
{
    /// <summary>Samples in a frame: 10 ms, shorter than any sound of speech.</summary>
    public const int FrameLength = AudioLimits.SpeechSampleRateHz / 100;

    /// <summary>Frames in a segment: half a second, which has two or three syllables in it.</summary>
    public const int FramesPerSegment = 50;

    // Quieter frames (-75 dBFS) say nothing, so that a pause of digital silence is no swing: noise that starts and stops is not speech.
    private const float Audible = 1.8e-4f;

    // Less than this share of audible frames is a click or a knock: 0.1 s, a short syllable.
    private const int FewestAudible = 10;

    // 12 dB: hiss stays within 2 dB from its tenth loudest frame in a hundred to its ninetieth, speech swings further in any half second.
    private const float Swing = 4;

    // A click reaches into at most two frames; the third loudest is sound.
    private const int PassedOver = 2;

    private readonly float[] _strengths = new float[FramesPerSegment];
    private readonly float[] _peaks = new float[FramesPerSegment];
    private int _count;

    /// <summary>The loudest moment of the last segment without its clicks, as a share of full scale.</summary>
    public float Peak { get; private set; }

    /// <summary>The last segment swings like speech.</summary>
    public bool IsLikeSpeech { get; private set; }

    /// <summary>Takes a frame. True if it ends a segment.</summary>
    public bool Add(ReadOnlySpan<float> frame)
    {
        _strengths[_count] = MathF.Sqrt(TensorPrimitives.SumOfSquares(frame) / frame.Length);
        _peaks[_count] = MathF.Abs(TensorPrimitives.MaxMagnitude(frame));
        if (++_count < FramesPerSegment)
        {
            return false;
        }

        _count = 0;
        Array.Sort(_peaks);
        Peak = _peaks[^(PassedOver + 1)];
        Array.Sort(_strengths);
        var audible = _strengths.AsSpan();
        while (audible.Length > 0 && !(audible[0] >= Audible))
        {
            audible = audible[1..];
        }

        IsLikeSpeech = audible.Length >= FewestAudible && audible[audible.Length * 9 / 10] >= Swing * audible[audible.Length / 10];
        return true;
    }
}
