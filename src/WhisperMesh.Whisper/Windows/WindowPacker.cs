namespace WhisperMesh.Whisper.Windows;

/// <summary>Fills windows with pieces of speech; a window that overflows is cut at its longest pause.</summary>
/// <param name="maxSamples">Most speech in a window.</param>
internal sealed class WindowPacker(int maxSamples)
{
    /// <summary>Most speech in a window.</summary>
    public int MaxSamples => maxSamples;

    /// <summary>A pause after which nothing that comes is worth waiting for.</summary>
    private const int FlushPause = 5 * 16_000;

    private readonly List<SpeechPiece> _pieces = [];
    private int _length;

    /// <summary>Place on the stream where unreported speech begins; null when there is none.</summary>
    public long? PendingStart => _pieces.Count == 0 ? null : _pieces[0].Start;

    /// <summary>Samples that wait.</summary>
    public int PendingSamples => _length;

    /// <summary>Adds the next piece, which must be no longer than a window; gives the window that it completes, if any.</summary>
    public SpeechWindow? Add(SpeechPiece piece)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(piece.Samples.Length, MaxSamples, nameof(piece));
        _pieces.Add(piece);
        _length += piece.Samples.Length;
        return _length > MaxSamples ? Take(FindCut()) : null;
    }

    /// <summary>The window that is complete because no speech has come for long.</summary>
    public SpeechWindow? AfterSilence(long heardUpTo) =>
        _pieces.Count > 0 && heardUpTo - _pieces[^1].End > FlushPause ? Flush() : null;

    /// <summary>What is left.</summary>
    public SpeechWindow? Flush() => _pieces.Count == 0 ? null : Take(_pieces.Count);

    /// <summary>The piece to start the next window with: after the longest pause in the second half of this one.</summary>
    private int FindCut()
    {
        var (best, longest) = (_pieces.Count - 1, long.MinValue);
        var before = 0;
        for (var i = 1; i < _pieces.Count; i++)
        {
            before += _pieces[i - 1].Samples.Length;
            var pause = _pieces[i].PauseBefore;
            if (before >= MaxSamples / 2 && before <= MaxSamples && pause >= longest)
            {
                (best, longest) = (i, pause);
            }
        }
        return best;
    }

    private SpeechWindow Take(int count)
    {
        var window = new SpeechWindow(_pieces.GetRange(0, count));
        _pieces.RemoveRange(0, count);
        _length -= window.Samples.Length;
        return window;
    }
}
