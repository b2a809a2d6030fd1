using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Reads the language from the logits at the start of a transcript.</summary>
internal static class LanguageDetector
{
    /// <summary>A probability for each language the model knows, likeliest first.</summary>
    public static IReadOnlyList<LanguageProbability> Probabilities(ReadOnlySpan<float> logits, ControlTokens control)
    {
        var found = new List<LanguageProbability>(control.Languages.Count);
        var peak = float.NegativeInfinity;
        foreach (var token in control.Languages.Values)
        {
            peak = Math.Max(peak, logits[token]);
        }
        var sum = 0f;
        foreach (var (code, token) in control.Languages)
        {
            var weight = MathF.Exp(logits[token] - peak);
            sum += weight;
            found.Add(new LanguageProbability(code, weight));
        }
        return [.. found.Select(l => l with { Probability = l.Probability / sum }).OrderByDescending(l => l.Probability)];
    }
}
