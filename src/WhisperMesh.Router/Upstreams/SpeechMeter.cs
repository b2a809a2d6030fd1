using System.Buffers.Binary;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Counts how long the speech is that passes through, where its format tells: 16-bit samples, bare or in a WAV file.</summary>
internal sealed class SpeechMeter(AudioEncoding encoding, int pcmSampleRateHz)
{
    public const int HeaderBytes = 44;

    private const int BytesPerSample = 2;

    private int _sampleRateHz = encoding == AudioEncoding.PcmS16Le ? pcmSampleRateHz : 0;

    public long Bytes { get; private set; }

    /// <summary>Length so far; zero for a compressed format.</summary>
    public TimeSpan Duration => _sampleRateHz == 0
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Max(0, Bytes - (encoding == AudioEncoding.Wav ? HeaderBytes : 0)) / (double)(_sampleRateHz * BytesPerSample));

    /// <summary>Looks at the first bytes.</summary>
    /// <returns>Samples per second; 0 where the format does not tell.</returns>
    public int SampleRateOf(ReadOnlySpan<byte> start)
    {
        if (encoding == AudioEncoding.Wav && start.Length >= HeaderBytes && start[..4].SequenceEqual("RIFF"u8))
        {
            var rate = BinaryPrimitives.ReadInt32LittleEndian(start[24..]);
            _sampleRateHz = rate is >= 4000 and <= 192_000 ? rate : 0;
        }

        return _sampleRateHz;
    }

    public void Add(int count) => Bytes += count;
}
