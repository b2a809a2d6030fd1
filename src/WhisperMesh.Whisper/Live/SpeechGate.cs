using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Says chunk by chunk whether somebody speaks: speech begins once there is enough of it to be none of the clicks and breaths, and
/// how long it has been silent since is told at once. Not thread-safe.
/// </summary>
/// <param name="threshold">Probability from which a chunk counts as speech.</param>
internal sealed class SpeechGate(float threshold)
{
    // As the tracker of recordings has them.
    private const float Hysteresis = 0.15f;
    private const float LeastEndThreshold = 0.01f;

    /// <summary>Speech that is certain: 160 ms, less than a short word.</summary>
    private const int CertainChunks = 5;

    /// <summary>Silence after which what did not become certain was none.</summary>
    private const int ForgottenSamples = 5 * SileroVad.ChunkLength;

    private readonly float _endThreshold = MathF.Max(threshold - Hysteresis, LeastEndThreshold);
    private int _chunks;

    /// <summary>Where the speech begins, certain or not; null in silence.</summary>
    public long? Start { get; private set; }

    /// <summary>Whether it is certain.</summary>
    public bool IsOpen => _chunks >= CertainChunks;

    /// <summary>Where the silence after the speech begins; null while it goes on.</summary>
    public long? SilenceStart { get; private set; }

    /// <summary>Takes in the chunk that begins here; gives whether it is voice.</summary>
    public bool Add(float probability, long start)
    {
        if (probability >= threshold || Start is not null && SilenceStart is null && probability >= _endThreshold)
        {
            SilenceStart = null;
            Start ??= start;
            _chunks++;
            return true;
        }
        if (Start is not null)
        {
            SilenceStart ??= start;
            if (!IsOpen && start + SileroVad.ChunkLength - SilenceStart >= ForgottenSamples)
            {
                Reset();
            }
        }
        return false;
    }

    /// <summary>Nobody speaks any more.</summary>
    public void Reset() => (_chunks, Start, SilenceStart) = (0, null, null);
}
