using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>Reply of POST /v1/audio/languages.</summary>
/// <param name="Languages">Likeliest first; none where no speech was heard.</param>
/// <param name="SpeechSeconds">Speech that was listened to.</param>
/// <param name="Model">Model that listened.</param>
internal sealed record LanguagesReply(IReadOnlyList<DetectedLanguage> Languages, double SpeechSeconds, string Model)
{
    public static LanguagesReply Of(DetectLanguageResponse response) => new(
        [.. response.Languages.Select(entry => new DetectedLanguage(entry.LanguageCode, Math.Round(entry.Probability, 4)))],
        response.SpeechDuration?.ToTimeSpan().TotalSeconds ?? 0,
        response.Model);
}

/// <summary>A language and how likely it is, 0 to 1.</summary>
internal sealed record DetectedLanguage(string Code, double Probability);
