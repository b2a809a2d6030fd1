namespace WhisperMesh.Audio.Levels;

/// <summary>Decides the gain of a stream from what the meter says, and moves it there. It rests at exactly 1.</summary>
internal sealed class GainControl(LevelOptions options)
{
    // A quiet recording is raised over two seconds rather than at once: within a word the change is not heard.
    private const double RiseDbPerSecond = 15;

    // Twice as fast down: what became too loud may be cut off, what became too quiet is only quiet.
    private const double FallDbPerSecond = 30;

    // A file that is scaled wrong stays so, and must not creep up in each pause; a single knock above full scale is forgotten in time.
    private const double RecoverDbPerSecond = 0.5;

    // The loudest moment fades from memory by 2 dB a second of speech (never in silence): after a loud speaker a quiet one is raised
    // within 10 to 20 seconds, and pauses between sentences change nothing.
    private const double ForgetDbPerSegment = 1;

    // Two half seconds, so that a breath or a chair before the first word of a normal recording does not count as its speech.
    private const int SegmentsToBelieve = 2;

    // Lower than the least that the greatest gain makes of use: rustling, a voice in the next room.
    private const double FaintestDbfs = -55;

    // -0.3 dB: the sample that sets the gain stays below full scale after rounding to 16 bits.
    private const float Ceiling = 0.966f;

    private static readonly float Forget = (float)FromDb(-ForgetDbPerSegment);
    private static readonly float Faintest = (float)FromDb(FaintestDbfs);
    private static readonly float Rise = PerFrame(RiseDbPerSecond);
    private static readonly float Fall = PerFrame(-FallDbPerSecond);
    private static readonly float Recover = PerFrame(RecoverDbPerSecond);

    private readonly float _quiet = (float)FromDb(options.QuietBelowDbfs);
    private readonly float _target = (float)FromDb(options.TargetDbfs);
    private readonly float _most = (float)FromDb(options.MaxGainDb);
    private float _loudest;
    private int _speechSegments;
    private bool _isRaising;
    private float _gain = 1;
    private float _wanted = 1;
    private float _step;

    /// <summary>The gain is 1 and stays so until the frame ends, unless a sample is above full scale.</summary>
    public bool IsIdle => _gain == 1 && _step == 0;

    /// <summary>The next sample at the gain of its place, or at less, from here on, where it would pass full scale.</summary>
    public float Apply(float sample)
    {
        _gain += _step;
        var result = sample * _gain;
        if (!(MathF.Abs(result) > 1))
        {
            return result;
        }

        _gain = Ceiling / MathF.Abs(sample);
        _step = 0;
        return sample * _gain;
    }

    /// <summary>Sets the course for the next frame.</summary>
    public void EndFrame()
    {
        // Within a thousandth of a decibel is what rounding left of the steps: from here on the gain is exact.
        var next = _gain < 1 ? Math.Min(1, _gain * Recover)
            : _gain < _wanted ? Math.Min(_wanted, _gain * Rise)
            : Math.Max(_wanted, _gain * Fall);
        if (next == _wanted && MathF.Abs(next - _gain) <= 1e-4f * next)
        {
            (_gain, _step) = (next, 0);
            return;
        }

        _step = (next - _gain) / LevelMeter.FrameLength;
    }

    /// <summary>Takes what was measured of half a second of input.</summary>
    public void EndSegment(float peak, bool isLikeSpeech)
    {
        if (isLikeSpeech && peak >= Faintest)
        {
            _speechSegments++;
            _loudest *= Forget;
        }

        _loudest = MathF.Max(_loudest, peak);
        if (_speechSegments >= SegmentsToBelieve && _loudest < _quiet)
        {
            _isRaising = true;
        }

        // Raising ends where nothing is left to add, not where it began: a level about the limit does not switch to and fro.
        _isRaising &= _loudest < _target;
        _wanted = _isRaising ? Math.Clamp(_target / _loudest, 1, _most) : 1;
    }

    private static double FromDb(double decibels) => Math.Pow(10, decibels / 20);

    private static float PerFrame(double decibelsPerSecond) =>
        (float)FromDb(decibelsPerSecond * LevelMeter.FrameLength / AudioLimits.SpeechSampleRateHz);
}
