namespace WhisperMesh.Whisper;

/// <summary>How likely it is that the speech is in this language, 0 to 1.</summary>
public sealed record LanguageProbability(string Language, float Probability);
