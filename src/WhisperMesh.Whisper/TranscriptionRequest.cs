namespace WhisperMesh.Whisper;

/// <summary>What is asked of the engine for one recording or stream.</summary>
public sealed record TranscriptionRequest
{
    /// <summary>Language code as in <see cref="WhisperModel.Languages"/>; null to detect it on the first speech.</summary>
    public string? Language { get; init; }

    /// <summary>English text of speech in another language.</summary>
    public bool Translate { get; init; }

    /// <summary>Text that might have come before: steers spelling and style. Only its last 223 tokens count.</summary>
    public string? Prompt { get; init; }

    /// <summary>0 for the most likely words; up to 1 to sample, repeatably for one <see cref="Seed"/>.</summary>
    public float Temperature { get; init; }

    /// <summary>Asks for the place and probability of each word.</summary>
    public bool WordTimestamps { get; init; }

    /// <summary>Starts the generator that sampling draws from.</summary>
    public int Seed { get; init; }

    internal void Check(WhisperModel model)
    {
        if (Language is not null && !model.Control.Languages.ContainsKey(Language))
        {
            throw new WhisperException(
                WhisperErrorReason.LanguageNotSupported, $"The model '{model.Name}' doesn't know the language '{Language}'.")
            {
                Field = nameof(Language),
            };
        }
        if (!(Temperature is >= 0 and <= 1))
        {
            throw new WhisperException(WhisperErrorReason.FieldInvalid, "The temperature must be between 0 and 1.")
            {
                Field = nameof(Temperature),
            };
        }
    }
}
