namespace WhisperMesh.Router.Admission;

/// <summary>Bytes per audio second of each container: what is usual, corrected by what workers found of late. Thread-safe.</summary>
internal sealed class BitRates
{
    private const double NewestWeight = 0.1;

    // What is neither can't be a second of audio: a header without sound, or a file of something else.
    private const double Least = 100;
    private const double Most = 4_000_000;

    private readonly Lock _lock = new();

    private readonly Dictionary<AudioContainer, double> _bytesPerSecond = new()
    {
        [AudioContainer.Unknown] = 16_000,
        [AudioContainer.Wav] = 32_000,
        [AudioContainer.Mp3] = 16_000,
        [AudioContainer.Ogg] = 6_000,
        [AudioContainer.Flac] = 50_000,
        [AudioContainer.Mp4] = 16_000,
        [AudioContainer.WebM] = 8_000,
        [AudioContainer.Aac] = 16_000,
    };

    public double SecondsOf(AudioContainer container, long bytes)
    {
        lock (_lock)
        {
            return bytes / _bytesPerSecond[container];
        }
    }

    public void Learn(AudioContainer container, long bytes, TimeSpan audio)
    {
        var rate = bytes / Math.Max(0.001, audio.TotalSeconds);
        if (audio < TimeSpan.FromSeconds(1) || rate is < Least or > Most)
        {
            return;
        }

        lock (_lock)
        {
            _bytesPerSecond[container] += (rate - _bytesPerSecond[container]) * NewestWeight;
        }
    }
}
