using WhisperMesh.Audio;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Windows;

/// <summary>Turns a stream of samples into windows of speech with flat memory. State of one stream: not thread-safe.</summary>
/// <param name="finder">Finds the speech.</param>
/// <param name="window">Most audio in a window.</param>
/// <param name="prefix">Audio to hear before speech begins; null: as much as after it.</param>
internal sealed class SpeechWindower(ISpeechFinder finder, TimeSpan window, TimeSpan? prefix = null)
{
    /// <summary>Silence kept around speech: the detector's edges are tight, and the model hears a word better with its surroundings.</summary>
    private const int Margin = 8_000;

    private readonly int _lead = prefix is { } given ? (int)(given.TotalSeconds * LogMel.SampleRateHz) : Margin;
    private readonly SampleBuffer _buffer = new();
    private readonly WindowPacker _packer = new((int)(window.TotalSeconds * LogMel.SampleRateHz));
    private readonly List<SpeechSpan> _found = [];
    private long _taken;
    private long _lastSpeechEnd;
    private (long Start, long End) _voice;

    public long Received => _buffer.End;

    public long SpeechSamples { get; private set; }

    /// <summary>Samples there is memory for, which doesn't grow with the stream.</summary>
    public int HeldSamples => _buffer.Capacity + _packer.PendingSamples;

    /// <summary>All speech before this place has been given out: no later window begins before it.</summary>
    public long Settled => _packer.PendingStart ?? Math.Max(_taken, Math.Min(Received, FirstUnsettled()) - _lead);

    /// <summary>Adds samples; gives the windows that they complete.</summary>
    public IReadOnlyList<SpeechWindow> Add(ReadOnlySpan<float> samples)
    {
        _buffer.Append(samples);
        _found.AddRange(finder.Add(samples));
        var windows = new List<SpeechWindow>();
        while (_found.Count > 0 && (_found.Count > 1 || IsMarginKnown(_found[0].End)))
        {
            TakeFirst(windows);
        }
        if (_found.Count == 0)
        {
            CutOpenSpeech(finder.SettledUntil, windows);
        }
        if (_found.Count == 0 && _packer.AfterSilence(Received) is { } waiting)
        {
            windows.Add(waiting);
        }
        _buffer.DropBefore(FirstUnsettled() - Math.Max(2 * Margin, _lead));
        return windows;
    }

    /// <summary>The stream has ended; gives the last windows.</summary>
    public IReadOnlyList<SpeechWindow> Complete()
    {
        var windows = new List<SpeechWindow>();
        _found.AddRange(finder.Complete());
        while (_found.Count > 0)
        {
            TakeFirst(windows);
        }
        if (_packer.Flush() is { } last)
        {
            windows.Add(last);
        }
        return windows;
    }

    /// <summary>Whether it is known where in the margin after a span silence ends; the detector gets a while to make up its mind.</summary>
    private bool IsMarginKnown(long end) => end + Margin <= finder.SettledUntil || end + 2 * Margin <= Received;

    private long FirstUnsettled() => _found.Count > 0 ? _found[0].Start : finder.SettledUntil;

    private void TakeFirst(List<SpeechWindow> windows)
    {
        // Speech that lasts to the end of the stream may be told a block too long.
        var (start, end) = (_found[0].Start, Math.Min(_found[0].End, Received));
        _found.RemoveAt(0);
        // The next span takes what is nearer to it; speech that goes on, all of itself.
        var limit = _found.Count > 0 ? end + (_found[0].Start - end) / 2 : Math.Clamp(finder.SettledUntil, end, Received);
        // What was cut off open speech before has been taken already.
        if (end <= _taken)
        {
            return;
        }
        SpeechSamples += end - Math.Max(start, _taken);
        _voice = (start, end);
        TakeUpTo(Math.Max(start - _lead, _taken), Math.Min(end + Margin, limit), Math.Max(0, start - _lastSpeechEnd), windows);
        _lastSpeechEnd = end;
    }

    private void CutOpenSpeech(long open, List<SpeechWindow> windows)
    {
        var start = Math.Max(open - _lead, Math.Max(_taken, _buffer.Start));
        while (Received - start > _packer.MaxSamples)
        {
            var cut = Cut(start);
            SpeechSamples += cut - Math.Max(open, start);
            _voice = (open, cut);
            TakeUpTo(start, cut, 0, windows);
            start = cut;
        }
    }

    private void TakeUpTo(long start, long end, long pause, List<SpeechWindow> windows)
    {
        start = Math.Max(start, _buffer.Start);
        while (start < end)
        {
            var to = end - start > _packer.MaxSamples ? Cut(start) : end;
            var voiced = Math.Max(0, Math.Min(to, _voice.End) - Math.Max(start, _voice.Start));
            if (_packer.Add(new SpeechPiece(start, _buffer.Slice(start, to).ToArray(), pause, voiced)) is { } window)
            {
                windows.Add(window);
            }
            (start, pause) = (to, 0);
        }
        _taken = Math.Max(_taken, end);
    }

    /// <summary>The quietest place in the second half of a full window that begins here.</summary>
    private long Cut(long start)
    {
        var half = _packer.MaxSamples / 2;
        return start + half + QuietPlace.Find(_buffer.Slice(start + half, start + _packer.MaxSamples));
    }
}
