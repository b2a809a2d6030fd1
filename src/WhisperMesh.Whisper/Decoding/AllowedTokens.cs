namespace WhisperMesh.Whisper.Decoding;

/// <summary>What may come next in one row, and how likely each is among them.</summary>
internal readonly ref struct AllowedTokens
{
    private readonly LogitRun _words;
    private readonly LogitRun _times;
    private readonly ReadOnlySpan<float> _logits;
    private readonly float _peak;
    private readonly float _normaliser;

    /// <param name="logits">The whole row.</param>
    /// <param name="words">Words and the end of the text.</param>
    /// <param name="times">Timestamps.</param>
    public AllowedTokens(ReadOnlySpan<float> logits, LogitRun words, LogitRun times)
    {
        _logits = logits;
        _words = words;
        _times = times;
        _peak = Math.Max(words.Peak, times.Peak);
        _normaliser = _peak + (float)Math.Log(words.SumExp(_peak, 1) + times.SumExp(_peak, 1));
    }

    /// <summary>The likeliest.</summary>
    public int Best => _words.Peak >= _times.Peak ? _words.Best() : _times.Best();

    public float LogProbability(int token) => _logits[token] - _normaliser;

    /// <summary>Draws one from the distribution at a temperature above 0.</summary>
    public int Draw(float temperature, Random random)
    {
        var sharpness = 1 / temperature;
        var left = random.NextDouble() * (_words.SumExp(_peak, sharpness) + _times.SumExp(_peak, sharpness));
        // Rounding may leave nothing: then it is the best.
        return _words.Draw(_peak, sharpness, ref left) ?? _times.Draw(_peak, sharpness, ref left) ?? Best;
    }

    /// <summary>Fills in the likeliest.</summary>
    public void Top(TopTokens top)
    {
        top.Clear();
        _words.Offer(top);
        _times.Offer(top);
    }
}
