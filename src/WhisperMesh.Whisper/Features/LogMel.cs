using System.Numerics;

namespace WhisperMesh.Whisper.Features;

/// <summary>
/// Whisper's input: log-mel energies of 16 kHz mono, 10 ms a frame. Not thread-safe: it owns its work space; make one a request.
/// </summary>
internal sealed class LogMel
{
    public const int SampleRateHz = 16_000;
    public const int Hop = 160;
    public const int FramesPerSecond = SampleRateHz / Hop;
    public const int MaxFrames = 30 * FramesPerSecond;

    private const int Padding = FrameFft.Size / 2;
    private const float PowerFloor = 1e-10f;
    private const float DynamicRange = 8;
    private static readonly float Log10Of2 = (float)Math.Log10(2);
    private static readonly MelFilters Filters = new(SampleRateHz, FrameFft.Size);
    private static readonly float[] Hann = PeriodicHann();

    private readonly FrameFft _fft = new();
    private readonly Vector<float>[] _block = new Vector<float>[FrameFft.Size];
    private readonly Vector<float>[] _power = new Vector<float>[FrameFft.Bins];
    private readonly float[] _gather = new float[FrameFft.Size * Vector<float>.Count];
    private float[] _padded = [];

    /// <summary>Fills <paramref name="mel"/> ([80, frames]) from the samples, which are continued with silence to the frames asked for.</summary>
    public void Compute(ReadOnlySpan<float> samples, int frames, Span<float> mel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 2 * FrameFft.Lanes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples.Length, frames * Hop);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mel.Length, MelFilters.Count * frames);
        Pad(samples, frames * Hop);
        var peak = new Vector<float>(float.MinValue);
        for (var frame = 0; frame < frames; frame += FrameFft.Lanes)
        {
            // The last block overlaps the one before rather than run past the end.
            var first = Math.Min(frame, frames - FrameFft.Lanes);
            Load(first);
            _fft.Power(_block, _power);
            peak = Vector.Max(peak, Store(first, frames, mel));
        }
        Normalise(mel, peak);
    }

    private void Pad(ReadOnlySpan<float> samples, int length)
    {
        var needed = length + 2 * Padding;
        if (_padded.Length < needed)
        {
            _padded = new float[needed];
        }
        var padded = _padded.AsSpan(0, needed);
        padded.Clear();
        samples.CopyTo(padded[Padding..]);
        var (left, right) = (Padding, Padding + length - 1);
        for (var i = 1; i <= Padding; i++)
        {
            padded[left - i] = padded[left + i];
            padded[right + i] = padded[right - i];
        }
    }

    private void Load(int firstFrame)
    {
        for (var lane = 0; lane < FrameFft.Lanes; lane++)
        {
            var source = _padded.AsSpan((firstFrame + lane) * Hop, FrameFft.Size);
            for (var i = 0; i < source.Length; i++)
            {
                _gather[i * FrameFft.Lanes + lane] = source[i] * Hann[i];
            }
        }
        for (var i = 0; i < _block.Length; i++)
        {
            _block[i] = new Vector<float>(_gather, i * FrameFft.Lanes);
        }
    }

    private Vector<float> Store(int firstFrame, int frames, Span<float> mel)
    {
        var peak = new Vector<float>(float.MinValue);
        for (var filter = 0; filter < MelFilters.Count; filter++)
        {
            var sum = Vector<float>.Zero;
            var bins = _power.AsSpan(Filters.FirstBin(filter));
            var weights = Filters.Weights(filter);
            for (var i = 0; i < weights.Length; i++)
            {
                sum += bins[i] * weights[i];
            }
            var log = Vector.Log2(Vector.Max(sum, new Vector<float>(PowerFloor))) * Log10Of2;
            log.CopyTo(mel[(filter * frames + firstFrame)..]);
            peak = Vector.Max(peak, log);
        }
        return peak;
    }

    private static void Normalise(Span<float> mel, Vector<float> peaks)
    {
        var peak = float.MinValue;
        for (var i = 0; i < Vector<float>.Count; i++)
        {
            peak = Math.Max(peak, peaks[i]);
        }
        var floor = peak - DynamicRange;
        for (var i = 0; i < mel.Length; i++)
        {
            mel[i] = (Math.Max(mel[i], floor) + 4) / 4;
        }
    }

    private static float[] PeriodicHann()
    {
        var window = new float[FrameFft.Size];
        for (var i = 0; i < window.Length; i++)
        {
            window[i] = (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / window.Length));
        }
        return window;
    }
}
