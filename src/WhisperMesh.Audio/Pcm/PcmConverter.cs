using System.Buffers;

namespace WhisperMesh.Audio.Pcm;

/// <summary>Turns frames of any layout into 16 kHz mono. What it returns is valid until its next call.</summary>
internal sealed class PcmConverter : IDisposable
{
    private readonly PcmLayout _layout;
    private readonly Resampler? _resampler;
    private readonly ArrayBufferWriter<float> _resampled = new();
    private readonly float[] _interleaved;
    private readonly float[] _mono;

    public PcmConverter(PcmLayout layout)
    {
        _layout = layout;
        MaxFrames = Math.Clamp(65_536 / layout.BytesPerFrame, 1, layout.SampleRateHz / 2);
        _interleaved = layout.ChannelCount > 1 ? ArrayPool<float>.Shared.Rent(MaxFrames * layout.ChannelCount) : [];
        _mono = ArrayPool<float>.Shared.Rent(MaxFrames);
        _resampler = layout.SampleRateHz == AudioLimits.SpeechSampleRateHz
            ? null
            : new Resampler(layout.SampleRateHz, AudioLimits.SpeechSampleRateHz);
    }

    /// <summary>Frames that one call takes: half a second, or 64 KiB where that is less.</summary>
    public int MaxFrames { get; }

    public ReadOnlyMemory<float> Convert(ReadOnlySpan<byte> frames)
    {
        var count = frames.Length / _layout.BytesPerFrame;
        if (_layout.ChannelCount == 1)
        {
            SampleReader.Read(_layout.Coding, frames, _mono.AsSpan(0, count));
        }
        else
        {
            var interleaved = _interleaved.AsSpan(0, count * _layout.ChannelCount);
            SampleReader.Read(_layout.Coding, frames, interleaved);
            ChannelMixer.MixDown(interleaved, _layout, _mono.AsSpan(0, count));
        }

        if (_resampler is null)
        {
            return _mono.AsMemory(0, count);
        }

        _resampled.ResetWrittenCount();
        _resampler.Process(_mono.AsSpan(0, count), _resampled);
        return _resampled.WrittenMemory;
    }

    /// <summary>The last samples, which waited for input that never came.</summary>
    public ReadOnlyMemory<float> Complete()
    {
        _resampled.ResetWrittenCount();
        _resampler?.Complete(_resampled);
        return _resampled.WrittenMemory;
    }

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_mono);
        if (_interleaved.Length > 0)
        {
            ArrayPool<float>.Shared.Return(_interleaved);
        }
    }
}
