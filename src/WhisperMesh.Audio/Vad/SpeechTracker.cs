namespace WhisperMesh.Audio;

/// <summary>
/// Turns probabilities of chunks into spans of speech, with hysteresis, least lengths and padding. A span is given once nothing
/// can change it: when the silence after it is long enough to leave room for its padding and the next one's.
/// </summary>
internal sealed class SpeechTracker(VoiceActivityOptions options)
{
    // Both as Silero's own loop has them. Without the least, speech would never end under a threshold below the hysteresis.
    private const float Hysteresis = 0.15f;
    private const float LeastEndThreshold = 0.01f;

    private readonly float _endThreshold = MathF.Max(options.Threshold - Hysteresis, LeastEndThreshold);
    private readonly long _minSpeech = ToSamples(options.MinSpeech);
    private readonly long _minSilence = ToSamples(options.MinSilence);
    private readonly long _padding = ToSamples(options.Padding);
    private long _position;
    private long _speechStart = -1;
    private long _silenceStart = -1;
    private long _lastEnd;
    private SpeechSpan? _waiting;

    /// <summary>The sample before which nothing more can be found: all speech before it has been given.</summary>
    public long SettledUntil =>
        _waiting is { } waiting ? Math.Max(0, waiting.Start - _padding)
        : _speechStart >= 0 ? Math.Max(_lastEnd, _speechStart - _padding)
        : Math.Max(_lastEnd, _position - _padding);

    public void Add(float probability, List<SpeechSpan> found)
    {
        var start = _position;
        _position += SileroVad.ChunkLength;
        if (probability >= options.Threshold)
        {
            _silenceStart = -1;
            if (_speechStart < 0)
            {
                _speechStart = start;
            }
        }
        else if (_speechStart >= 0 && (probability < _endThreshold || _silenceStart >= 0))
        {
            if (_silenceStart < 0)
            {
                _silenceStart = start;
            }

            if (_position - _silenceStart >= _minSilence)
            {
                CloseSpeech(_silenceStart, found);
            }
        }

        if (_waiting is { } waiting && _speechStart < 0 && _position >= waiting.End + (2 * _padding))
        {
            Give(waiting, waiting.End + _padding, found);
        }
    }

    /// <summary>Ends the stream after <paramref name="length"/> samples.</summary>
    public void Complete(long length, List<SpeechSpan> found)
    {
        if (_speechStart >= 0)
        {
            CloseSpeech(Math.Min(_silenceStart >= 0 ? _silenceStart : length, length), found);
        }

        if (_waiting is { } waiting)
        {
            Give(waiting, Math.Min(waiting.End + _padding, length), found);
        }
    }

    private void CloseSpeech(long end, List<SpeechSpan> found)
    {
        var span = new SpeechSpan(_speechStart, end);
        _speechStart = _silenceStart = -1;
        if (span.Length < _minSpeech)
        {
            return;
        }

        if (_waiting is { } waiting)
        {
            // Neighbours that are closer than two paddings share the silence between them.
            Give(waiting, Math.Min(waiting.End + _padding, (waiting.End + span.Start) / 2), found);
        }

        _waiting = span;
    }

    private void Give(SpeechSpan span, long end, List<SpeechSpan> found)
    {
        var start = Math.Max(_lastEnd, span.Start - _padding);
        found.Add(new SpeechSpan(start, end));
        _lastEnd = end;
        _waiting = null;
    }

    private static long ToSamples(TimeSpan time) => (long)(time.TotalSeconds * AudioLimits.SpeechSampleRateHz);
}
