using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Reads the language from the logits at the start of a transcript.</summary>
internal static class LanguageDetector
{
    /// <summary>A probability for each language that may be, likeliest first; together they are 1.</summary>
    /// <param name="logits">One row of the vocabulary.</param>
    /// <param name="control">Knows the languages.</param>
    /// <param name="allowed">Codes to choose from; null or empty for all the model knows.</param>
    public static IReadOnlyList<LanguageProbability> Probabilities(
        ReadOnlySpan<float> logits, ControlTokens control, IReadOnlyCollection<string>? allowed = null)
    {
        var found = new List<LanguageProbability>(control.Languages.Count);
        var peak = float.NegativeInfinity;
        foreach (var (code, token) in control.Languages)
        {
            if (allowed is not { Count: > 0 } || allowed.Contains(code))
            {
                // Logits for now.
                found.Add(new LanguageProbability(code, logits[token]));
                peak = Math.Max(peak, logits[token]);
            }
        }
        var sum = 0f;
        foreach (var language in found)
        {
            sum += MathF.Exp(language.Probability - peak);
        }
        return [.. found
            .Select(language => language with { Probability = MathF.Exp(language.Probability - peak) / sum })
            .OrderByDescending(language => language.Probability)];
    }
}
