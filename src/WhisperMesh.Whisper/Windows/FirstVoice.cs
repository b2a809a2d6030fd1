using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Windows;

/// <summary>
/// Gathers the first seconds of voice of a stream, with flat memory however late they come. State of one stream: not thread-safe.
/// </summary>
internal sealed class FirstVoice(ISpeechFinder finder)
{
    /// <summary>Voice that is enough, two and a half seconds: the model is as sure of a language after these as after more.</summary>
    public const int Enough = LogMel.SampleRateHz * 5 / 2;

    // Kept around speech; the detector's edges are tight.
    private const int Margin = LogMel.SampleRateHz / 5;

    // Where nobody speaks the detector still lags by its padding and a chunk or two: less than this is no open speech.
    private const int Lag = LogMel.SampleRateHz / 10;

    private readonly SampleBuffer _buffer = new();
    private readonly List<SpeechPiece> _pieces = [];
    private long _voiced;
    private long _taken;

    /// <summary>Samples of voice so far, those of speech that still goes on included.</summary>
    public long Voiced => _voiced + Open;

    public bool IsEnough => Voiced >= Enough;

    /// <summary>Samples there is memory for.</summary>
    public int HeldSamples => _buffer.Capacity + _pieces.Sum(piece => piece.Samples.Length);

    private long Open => _buffer.End - finder.SettledUntil is > Lag and var open ? open : 0;

    public void Add(ReadOnlySpan<float> samples)
    {
        _buffer.Append(samples);
        foreach (var span in finder.Add(samples))
        {
            Take(span.Start, span.End);
        }
        _buffer.DropBefore(Math.Max(_taken, finder.SettledUntil - Margin));
    }

    /// <summary>The stream is over, or enough was heard: the voice as one window; null when there was none.</summary>
    /// <param name="ended">Whether the stream is over.</param>
    public SpeechWindow? Complete(bool ended)
    {
        if (ended)
        {
            foreach (var span in finder.Complete())
            {
                Take(span.Start, Math.Min(span.End, _buffer.End));
            }
        }
        else if (Open > 0)
        {
            Take(finder.SettledUntil, Math.Min(_buffer.End, finder.SettledUntil + Enough));
        }
        return _pieces.Count == 0 ? null : new SpeechWindow(_pieces);
    }

    private void Take(long start, long end)
    {
        // Long speech that came in one block is cut: more would only take longer.
        end = Math.Min(end, start + Math.Max(0, Enough - _voiced));
        if (end <= start)
        {
            return;
        }
        var from = Math.Max(start - Margin, Math.Max(_taken, _buffer.Start));
        var to = Math.Min(end + Margin, _buffer.End);
        _pieces.Add(new SpeechPiece(from, _buffer.Slice(from, to).ToArray(), Voiced: end - start));
        _voiced += end - start;
        _taken = to;
    }
}
