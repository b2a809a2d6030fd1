using System.Buffers;

namespace WhisperMesh.Audio.Pcm;

/// <summary>
/// Turns frames of any layout into 16 kHz samples: one block for each channel that comes out, all of the same length. What it
/// returns is valid until its next call.
/// </summary>
internal sealed class PcmConverter : IDisposable
{
    private readonly PcmLayout _layout;
    private readonly SpeechRateChannel[] _channels;
    private readonly ReadOnlyMemory<float>[] _blocks;
    private readonly float[] _interleaved;
    private readonly Resampler? _resampler;

    /// <param name="layout">How the frames are written.</param>
    /// <param name="handling">What becomes of their channels.</param>
    public PcmConverter(PcmLayout layout, ChannelHandling handling)
    {
        _layout = layout;
        MaxFrames = Math.Clamp(65_536 / layout.BytesPerFrame, 1, layout.SampleRateHz / 2);
        _interleaved = layout.ChannelCount > 1 ? ArrayPool<float>.Shared.Rent(MaxFrames * layout.ChannelCount) : [];
        _blocks = new ReadOnlyMemory<float>[handling == ChannelHandling.KeepApart ? layout.ChannelCount : 1];
        _channels = new SpeechRateChannel[_blocks.Length];
        _resampler = layout.SampleRateHz == AudioLimits.SpeechSampleRateHz
            ? null
            : new Resampler(layout.SampleRateHz, AudioLimits.SpeechSampleRateHz);
        for (var channel = 0; channel < _channels.Length; channel++)
        {
            _channels[channel] = new SpeechRateChannel(_resampler?.ForAnotherChannel(), MaxFrames);
        }
    }

    /// <summary>Has the output begin with a sample, made of the frames from the given one on. Only at the start.</summary>
    public void StartAt(long sample, long firstFrame)
    {
        foreach (var channel in _channels)
        {
            channel.StartAt(sample, firstFrame);
        }
    }

    /// <summary>The frame at, or right before, the place of a sample of the output.</summary>
    public long FrameOf(long sample) => _resampler?.InputOf(sample) ?? sample;

    /// <summary>The first frame that bears on a sample of the output.</summary>
    public long FirstFrameOf(long sample) => _resampler?.FirstInputOf(sample) ?? sample;

    /// <summary>Frames that one call takes: half a second, or 64 KiB where that is less.</summary>
    public int MaxFrames { get; }

    public IReadOnlyList<ReadOnlyMemory<float>> Convert(ReadOnlySpan<byte> frames)
    {
        var count = frames.Length / _layout.BytesPerFrame;
        Spread(frames, count);
        for (var channel = 0; channel < _channels.Length; channel++)
        {
            _blocks[channel] = _channels[channel].Convert(count);
        }

        return _blocks;
    }

    /// <summary>The last samples, which waited for input that never came.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Complete()
    {
        for (var channel = 0; channel < _channels.Length; channel++)
        {
            _blocks[channel] = _channels[channel].Complete();
        }

        return _blocks;
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        if (_interleaved.Length > 0)
        {
            ArrayPool<float>.Shared.Return(_interleaved);
        }
    }

    private void Spread(ReadOnlySpan<byte> frames, int count)
    {
        if (_layout.ChannelCount == 1)
        {
            SampleReader.Read(_layout.Coding, frames, _channels[0].Frames[..count]);
            return;
        }

        var interleaved = _interleaved.AsSpan(0, count * _layout.ChannelCount);
        SampleReader.Read(_layout.Coding, frames, interleaved);
        if (_channels.Length == 1)
        {
            ChannelMixer.MixDown(interleaved, _layout, _channels[0].Frames[..count]);
            return;
        }

        for (var channel = 0; channel < _channels.Length; channel++)
        {
            ChannelMixer.Pick(interleaved, _layout.ChannelCount, channel, _channels[channel].Frames[..count]);
        }
    }
}
