using WhisperMesh.Whisper.Telemetry;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// What is tried when a text repeats itself or is doubtful: the full window, then higher temperatures (the Whisper paper, section
/// 4.5). One for each window: <c>while (ladder.Next(last) is { } attempt) last = …</c>, then <see cref="Best"/>.
/// </summary>
/// <param name="temperature">The one asked for.</param>
/// <param name="judge">Says what is good enough.</param>
/// <param name="full">Whether the window is a full one from the start, so that there is no larger one to try.</param>
internal sealed class DecodingLadder(float temperature, QualityJudge judge, bool full = false)
{
    private const float TemperatureStep = 0.2f;

    // 0.2 has no exact value in binary: five steps may end a little above 1.
    private const float Highest = 1.001f;

    private RecognizedText? _best;
    private Attempt _last;
    private int _steps;

    /// <summary>The first text that is good enough; if none was, the best of them.</summary>
    public RecognizedText Best => _best ?? throw new InvalidOperationException("Nothing has been tried.");

    /// <summary>Why the attempt given last was made; null for the first.</summary>
    public Fallback? Why { get; private set; }

    /// <summary>The next attempt to make, or null when there is a text to keep.</summary>
    /// <param name="last">What the last attempt gave; null at first.</param>
    public Attempt? Next(RecognizedText? last)
    {
        if (last is null)
        {
            return _last = new Attempt(full, temperature);
        }
        if (!judge.IsRejected(last))
        {
            _best = last;
            return null;
        }
        _best = _best is null || IsBetter(last, _best) ? last : _best;
        // Loops come from short windows and from the surest token being a wrong one: take away the first cause, then the second.
        if (judge.IsLoop(last) && !_last.FullWindow)
        {
            Why = Fallback.FullWindow;
            return _last = _last with { FullWindow = true };
        }
        Why = judge.IsLoop(last) ? Fallback.Loop : Fallback.Doubt;
        var next = temperature + TemperatureStep * ++_steps;
        return next > Highest ? null : _last = _last with { Temperature = Math.Min(next, 1) };
    }

    private bool IsBetter(RecognizedText one, RecognizedText other)
    {
        if (judge.IsLoop(one) != judge.IsLoop(other))
        {
            return judge.IsLoop(other);
        }
        // The likeliest loop is the tightest one.
        return judge.IsLoop(one)
            ? one.CompressionRatio < other.CompressionRatio
            : one.Text.AverageLogProbability > other.Text.AverageLogProbability;
    }
}

/// <summary>One try at a window.</summary>
/// <param name="FullWindow">Whether to hear it in 30 s, which takes longer, instead of little more than its length.</param>
/// <param name="Temperature">0 for the most likely words.</param>
internal readonly record struct Attempt(bool FullWindow, float Temperature);
