using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Says when the next pass is due, by the audio alone: when enough voice has come since the last, or when a pause begins after any.
/// Not thread-safe.
/// </summary>
internal sealed class PassClock(LatencyPlan plan)
{
    /// <summary>A pause: 160 ms, longer than the stops within words.</summary>
    private const int PauseSamples = 5 * SileroVad.ChunkLength;

    private long _voice;
    private bool _isFirst = true;

    public bool IsDue { get; private set; }

    /// <summary>Whether one would do no harm already.</summary>
    public bool IsSoon => _voice >= Wanted * 3 / 4;

    private int Wanted => _isFirst ? plan.First : plan.Interval;

    /// <summary>Takes in a chunk.</summary>
    /// <param name="isVoice">Whether it is voice.</param>
    /// <param name="silence">How long it has been silent, in samples.</param>
    public void Add(bool isVoice, long silence)
    {
        if (isVoice)
        {
            _voice += SileroVad.ChunkLength;
        }
        IsDue |= _voice >= Wanted || _voice > 0 && silence >= PauseSamples;
    }

    /// <summary>A pass hears all there is.</summary>
    public void Started() => (_voice, _isFirst, IsDue) = (0, false, false);
}
