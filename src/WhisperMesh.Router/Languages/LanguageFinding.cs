using System.Globalization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>What came of asking for a request's language.</summary>
/// <param name="Language">The language that the worker is chosen by; empty: none.</param>
/// <param name="Languages">Likeliest languages, best first.</param>
/// <param name="Reason">For the route's reason; null: nothing to say.</param>
/// <param name="Note">For the route's notes; null: nothing to say.</param>
internal sealed record LanguageFinding(
    string Language, IReadOnlyList<LanguageProbability> Languages, string? Reason = null, string? Note = null)
{
    public static LanguageFinding Of(DetectLanguageResponse response, double minProbability)
    {
        if (response.Languages.Count == 0)
        {
            return new LanguageFinding("", [], Note: "No speech was heard to choose a worker by its language.");
        }

        var best = response.Languages[0];
        var said = string.Create(CultureInfo.InvariantCulture, $"detected {best.LanguageCode} ({best.Probability:F2})");
        return best.Probability >= minProbability
            ? new LanguageFinding(best.LanguageCode, response.Languages, said)
            : new LanguageFinding("", response.Languages, said + " too unsurely", "The language is not sure enough to choose a worker by.");
    }

    public static LanguageFinding Failed(string why) =>
        new("", [], Note: $"The language could not be detected beforehand, so any worker may have served: {why}");
}
