using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Windows;

/// <summary>Speech put together for one run of the model, and where on the stream each part of it came from.</summary>
internal sealed class SpeechWindow
{
    private readonly List<(int Window, long Stream, int Length)> _parts = [];

    public SpeechWindow(IReadOnlyList<SpeechPiece> pieces)
    {
        Samples = new float[pieces.Sum(piece => piece.Samples.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.Samples.CopyTo(Samples, at);
            _parts.Add((at, piece.Start, piece.Samples.Length));
            at += piece.Samples.Length;
        }
        VoicedSeconds = (double)pieces.Sum(piece => piece.Voiced) / LogMel.SampleRateHz;
    }

    public float[] Samples { get; }

    public double Seconds => (double)Samples.Length / LogMel.SampleRateHz;

    /// <summary>Voice in the window, without the silence around it.</summary>
    public double VoicedSeconds { get; }

    /// <summary>Place on the stream where the window's speech begins.</summary>
    public long StreamStart => _parts[0].Stream;

    /// <summary>Place on the stream where the window's speech ends.</summary>
    public long StreamEnd => _parts[^1].Stream + _parts[^1].Length;

    /// <summary>Place on the stream of something that begins at this place of the window.</summary>
    public long StreamStartOf(double seconds) => Map(seconds, _parts.FindLastIndex(part => part.Window <= At(seconds)));

    /// <summary>The same for something that ends there: at a seam between parts, the end of the earlier one.</summary>
    public long StreamEndOf(double seconds) => Map(seconds, _parts.FindLastIndex(part => part.Window < At(seconds)));

    /// <summary>The rest of the window from a place in it on.</summary>
    public SpeechWindow From(double seconds)
    {
        var at = At(seconds);
        var pieces = new List<SpeechPiece>();
        foreach (var (window, stream, length) in _parts)
        {
            var skip = Math.Max(0, at - window);
            if (skip < length)
            {
                pieces.Add(new SpeechPiece(stream + skip, Samples[(window + skip)..(window + length)], Voiced: length - skip));
            }
        }
        return new SpeechWindow(pieces);
    }

    private long Map(double seconds, int index)
    {
        var (window, stream, length) = _parts[Math.Max(index, 0)];
        return stream + Math.Clamp(At(seconds) - window, 0, length);
    }

    private static int At(double seconds) => (int)Math.Round(seconds * LogMel.SampleRateHz);
}

/// <summary>Speech with a little of the silence around it, cut out of the stream.</summary>
/// <param name="Start">Place on the stream.</param>
/// <param name="Samples">The sound.</param>
/// <param name="PauseBefore">Silence that lay between it and the last, in samples.</param>
/// <param name="Voiced">Samples of it that are voice.</param>
internal sealed record SpeechPiece(long Start, float[] Samples, long PauseBefore = 0, long Voiced = 0)
{
    public long End => Start + Samples.Length;
}
