namespace WhisperMesh.Whisper.Windows;

/// <summary>The part of the stream that may still be needed, addressed by place on the stream.</summary>
/// <param name="start">Place of the first sample.</param>
internal sealed class SampleBuffer(long start = 0)
{
    private float[] _samples = new float[16_000];
    private int _count;

    /// <summary>The first place still held.</summary>
    public long Start { get; private set; } = start;

    /// <summary>The place after the last sample received.</summary>
    public long End => Start + _count;

    /// <summary>Samples it has memory for.</summary>
    public int Capacity => _samples.Length;

    public void Append(ReadOnlySpan<float> samples)
    {
        if (_count + samples.Length > _samples.Length)
        {
            Array.Resize(ref _samples, Math.Max(2 * _samples.Length, _count + samples.Length));
        }
        samples.CopyTo(_samples.AsSpan(_count));
        _count += samples.Length;
    }

    public ReadOnlySpan<float> Slice(long start, long end) => _samples.AsSpan((int)(start - Start), (int)(end - start));

    public void DropBefore(long place)
    {
        var drop = (int)Math.Clamp(place - Start, 0, _count);
        // Moving what remains is cheap only when it is done seldom.
        if (drop < _count / 2 && drop < 16_000)
        {
            return;
        }
        _samples.AsSpan(drop, _count - drop).CopyTo(_samples);
        _count -= drop;
        Start += drop;
    }
}
