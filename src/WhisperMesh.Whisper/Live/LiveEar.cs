using WhisperMesh.Audio;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Hears a stream chunk by chunk: its level, its voice. What it keeps of the audio is what may still be needed. Begun anew at a place,
/// it is in the state of a stream that begins there. Not thread-safe.
/// </summary>
internal sealed class LiveEar(SileroVad vad, float threshold, long start)
{
    private readonly SampleBuffer _raw = new(start);
    private readonly SpeechMeter _meter = new(vad);
    private LevelNormalizer _levels = new();
    private SampleBuffer _leveled = new(start);

    public SpeechGate Gate { get; } = new(threshold);

    /// <summary>Place up to which it has heard.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Place up to which there is audio.</summary>
    public long End => _raw.End;

    /// <summary>Silence since the last voice, in samples; 0 where somebody speaks or nobody has.</summary>
    public long Silence => Gate.SilenceStart is { } start ? Position - start : 0;

    public void Append(ReadOnlySpan<float> samples) => _raw.Append(samples);

    /// <summary>Hears the next chunk, if there is a whole one.</summary>
    public bool TryHear(out bool isVoice)
    {
        isVoice = false;
        if (_raw.End - Position < SileroVad.ChunkLength)
        {
            return false;
        }
        var chunk = Level(SileroVad.ChunkLength);
        isVoice = Gate.Add(_meter.Hear(chunk), Position);
        Position += SileroVad.ChunkLength;
        return true;
    }

    /// <summary>Takes along what is less than a chunk, since nothing is to follow it.</summary>
    public void HearRest()
    {
        Level((int)(_raw.End - Position));
        Position = _raw.End;
    }

    /// <summary>The sound between two places.</summary>
    public float[] Sound(long start, long end) => _leveled.Slice(start, end).ToArray();

    /// <summary>Lets go of what lies before.</summary>
    public void Forget(long before)
    {
        _raw.DropBefore(before);
        _leveled.DropBefore(before);
    }

    /// <summary>Begins anew at a place, which must not be forgotten yet.</summary>
    public void Begin(long place)
    {
        Gate.Reset();
        _meter.Reset();
        _levels = new LevelNormalizer();
        _leveled = new SampleBuffer(place);
        Position = place;
    }

    private ReadOnlySpan<float> Level(int count)
    {
        var leveled = new float[count];
        _levels.Process(_raw.Slice(Position, Position + count), leveled);
        _leveled.Append(leveled);
        return leveled;
    }
}
