using System.Buffers;

namespace WhisperMesh.Audio.Pcm;

/// <summary>One channel on its way to 16 kHz: the frames of one call, and the resampler where the source has another rate.</summary>
internal sealed class SpeechRateChannel(Resampler? resampler, int maxFrames) : IDisposable
{
    private readonly ArrayBufferWriter<float> _resampled = new();
    private readonly float[] _frames = ArrayPool<float>.Shared.Rent(maxFrames);

    /// <summary>Where the source's samples are to be put before <see cref="Convert"/>.</summary>
    public Span<float> Frames => _frames.AsSpan(0, maxFrames);

    public void StartAt(long sample, long firstFrame) => resampler?.StartAt(sample, firstFrame);

    /// <summary>The first <paramref name="count"/> of <see cref="Frames"/> at 16 kHz.</summary>
    public ReadOnlyMemory<float> Convert(int count)
    {
        if (resampler is null)
        {
            return _frames.AsMemory(0, count);
        }

        _resampled.ResetWrittenCount();
        resampler.Process(_frames.AsSpan(0, count), _resampled);
        return _resampled.WrittenMemory;
    }

    /// <summary>The last samples, which waited for input that never came.</summary>
    public ReadOnlyMemory<float> Complete()
    {
        _resampled.ResetWrittenCount();
        resampler?.Complete(_resampled);
        return _resampled.WrittenMemory;
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(_frames);
}
