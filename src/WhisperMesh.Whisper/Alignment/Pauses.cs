using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>
/// The quiet stretches of a window. Alignment splits a pause between the words at its sides as it likes, and lets the last word of a
/// sentence end with its last vowel: where a pause is near, it tells better where words end and begin.
/// </summary>
internal sealed class Pauses
{
    private const int Frame = LogMel.Hop;
    private const double FrameSeconds = (double)Frame / LogMel.SampleRateHz;

    // Stops within words are quiet for some 50 ms: the longer a pause, the farther off alignment may be.
    private const double ShortestPause = 0.05;
    private const double ReachPerSecond = 4;
    private const double FarthestReach = 0.4;

    private readonly List<(double Start, double End)> _quiet = [];

    public Pauses(ReadOnlySpan<float> samples)
    {
        var levels = new FrameLevels(samples);
        _quiet.Add((double.NegativeInfinity, 0));
        int? start = null;
        for (var i = 0; i <= levels.Count; i++)
        {
            var isQuiet = i < levels.Count && !levels.IsLoud(i);
            if (isQuiet)
            {
                start ??= i;
            }
            else if (start is { } first)
            {
                Add(first * FrameSeconds, i * FrameSeconds);
                start = null;
            }
        }
        Add((double)samples.Length / LogMel.SampleRateHz, double.PositiveInfinity);
    }

    /// <summary>The pause between two stretches of speech, as its start and end; null when there is none near.</summary>
    /// <param name="first">Where alignment puts the first, in seconds.</param>
    /// <param name="second">Where it puts the second; with punctuation between them, later than the end of the first.</param>
    /// <param name="after">No pause that begins before this counts: it has been taken.</param>
    public (double Start, double End)? Between(
        (double Start, double End) first, (double Start, double End) second, double after = double.NegativeInfinity)
    {
        (double Start, double End)? best = null;
        var most = double.NegativeInfinity;
        foreach (var quiet in _quiet)
        {
            // The silence around the window has speech on one side only.
            if (double.IsInfinity(quiet.Start) && !double.IsInfinity(first.Start)
                || double.IsInfinity(quiet.End) && !double.IsInfinity(second.End))
            {
                continue;
            }
            var distance = Math.Max(0, Math.Max(quiet.Start - second.Start, first.End - quiet.End));
            var length = Math.Min(quiet.End - quiet.Start, 1);
            // Away from the boundary, more than half of a word is not given up: it may end with this pause, not begin.
            var (earliest, latest) = distance > 0
                ? ((first.Start + first.End) / 2, (second.Start + second.End) / 2)
                : (double.NegativeInfinity, double.PositiveInfinity);
            if (quiet.Start >= after && quiet.End > earliest && quiet.Start < latest && length - distance > most
                && distance <= Math.Min((length - ShortestPause) * ReachPerSecond, FarthestReach))
            {
                best = (Math.Max(quiet.Start, earliest), Math.Min(quiet.End, latest));
                most = length - distance;
            }
        }
        return best;
    }

    private void Add(double start, double end)
    {
        // What touches the edges of the window is one with what lies beyond.
        if (start <= _quiet[^1].End)
        {
            _quiet[^1] = (_quiet[^1].Start, end);
        }
        else if (end - start >= ShortestPause)
        {
            _quiet.Add((start, end));
        }
    }
}
