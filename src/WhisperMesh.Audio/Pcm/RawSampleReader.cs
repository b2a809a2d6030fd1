using WhisperMesh.Audio.Pcm;

namespace WhisperMesh.Audio;

/// <summary>
/// Turns headerless samples, which come in pieces of any size, into 16 kHz mono. It can begin anywhere in a stream, and then gives the
/// same samples as one that began at the start. Not thread-safe.
/// </summary>
public sealed class RawSampleReader : IDisposable
{
    private readonly PcmLayout _layout;
    private readonly PcmConverter _converter;
    private readonly byte[] _cut;
    private int _cutLength;

    /// <param name="format">Headerless, its rate and channels given.</param>
    /// <param name="firstSample">Number, at 16 kHz, of the sample to begin with.</param>
    /// <param name="position">
    /// Bytes of the stream before those that are to come first, a whole frame from <see cref="PositionOf"/> to <see cref="LastPositionOf"/>
    /// that sample; null: the former. The later, the more counts as silence of what bears on the first milliseconds.
    /// </param>
    /// <exception cref="AudioException">The format has a container, or a rate or channels that aren't read.</exception>
    public RawSampleReader(AudioFormat format, long firstSample = 0, long? position = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        _layout = PcmLayout.FromDeclared(format)
            ?? throw new AudioException(AudioErrorReason.Unsupported, "The audio must be headerless samples.");
        _converter = new PcmConverter(_layout, ChannelHandling.MixDown);
        _cut = new byte[_layout.BytesPerFrame];
        Position = position ?? PositionOf(firstSample);
        if (!CanBegin(firstSample, Position))
        {
            throw new ArgumentOutOfRangeException(nameof(position), position, "The sample can't be begun with there.");
        }

        _converter.StartAt(firstSample, Position / _layout.BytesPerFrame);
    }

    /// <summary>Bytes of the stream before those that are to come next.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Bytes of the stream before those that are needed to begin with this sample: where the rate is another, some milliseconds before it.
    /// </summary>
    public long PositionOf(long sample) => _converter.FirstFrameOf(sample) * _layout.BytesPerFrame;

    /// <summary>Bytes of the stream before the frame at the place of a sample, or right before it.</summary>
    public long LastPositionOf(long sample) => _converter.FrameOf(sample) * _layout.BytesPerFrame;

    /// <summary>Whether a reader can begin with this sample at this byte.</summary>
    public bool CanBegin(long sample, long position) =>
        position % _layout.BytesPerFrame == 0 && position >= PositionOf(sample) && position <= LastPositionOf(sample);

    /// <summary>Length of the audio in so many bytes.</summary>
    public TimeSpan TimeOf(long bytes) =>
        new((long)((Int128)(bytes / _layout.BytesPerFrame) * TimeSpan.TicksPerSecond / _layout.SampleRateHz));

    /// <summary>The samples that these bytes complete, in a block of its own; may be empty.</summary>
    public ReadOnlyMemory<float> Read(ReadOnlySpan<byte> bytes)
    {
        Position += bytes.Length;
        var samples = new List<float>();
        if (_cutLength > 0)
        {
            var missing = Math.Min(_cut.Length - _cutLength, bytes.Length);
            bytes[..missing].CopyTo(_cut.AsSpan(_cutLength));
            _cutLength += missing;
            bytes = bytes[missing..];
            if (_cutLength < _cut.Length)
            {
                return default;
            }

            Append(samples, _cut);
        }

        var whole = bytes.Length - (bytes.Length % _cut.Length);
        var most = _converter.MaxFrames * _cut.Length;
        for (var at = 0; at < whole; at += most)
        {
            Append(samples, bytes[at..Math.Min(at + most, whole)]);
        }

        bytes[whole..].CopyTo(_cut);
        _cutLength = bytes.Length - whole;
        return samples.ToArray();
    }

    /// <summary>The last samples, which waited for more. A frame that was cut off is left out.</summary>
    public ReadOnlyMemory<float> Complete() => _converter.Complete()[0].ToArray();

    public void Dispose() => _converter.Dispose();

    private void Append(List<float> samples, ReadOnlySpan<byte> frames) => samples.AddRange(_converter.Convert(frames)[0].Span);
}
