namespace WhisperMesh.Whisper;

/// <summary>What is asked of the engine for one recording or stream.</summary>
public sealed record TranscriptionRequest
{
    /// <summary>Most beams or samples of one window.</summary>
    public const int MaxRows = 16;

    /// <summary>Most keywords.</summary>
    public const int MaxKeywords = 100;

    /// <summary>Most characters of a keyword.</summary>
    public const int MaxKeywordLength = 64;

    /// <summary>Language code as in <see cref="WhisperModel.Languages"/>; null to detect it on the first speech, and again where
    /// <see cref="Switching"/> says so.</summary>
    public string? Language { get; init; }

    /// <summary>English text of speech in another language.</summary>
    public bool Translate { get; init; }

    /// <summary>Languages that detection chooses from, codes as in <see cref="Language"/>; empty for all the model knows.</summary>
    public IReadOnlyList<string> AllowedLanguages { get; init; } = [];

    /// <summary>When a language that was detected gives way to another.</summary>
    public LanguageSwitching Switching { get; init; } = new();

    /// <summary>Text that might have come before: steers spelling and style. Only its last 223 tokens count.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// Names and terms likely to be said, the most important first: they bias the model as part of the prompt, of which they may fill
    /// half. At most 100 of at most 64 characters, in one line and without angle brackets.
    /// </summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>
    /// Tells each window the text before it, for spelling that stays the same; windows then wait for each other. Off, they go
    /// through the batch together.
    /// </summary>
    public bool CarryContext { get; init; }

    /// <summary>Where decoding starts, 0 for the most likely words, up to 1 to sample; doubtful text is tried again 0.2 higher.</summary>
    public float Temperature { get; init; }

    /// <summary>Beams at temperature 0, 1 to 16; 1 takes the likeliest token at each step.</summary>
    public int BeamSize { get; init; } = 1;

    /// <summary>Texts sampled at temperatures above 0, 1 to 16, of which the likeliest is kept.</summary>
    public int BestOf { get; init; } = 5;

    /// <summary>What makes a text doubtful.</summary>
    public DecodingThresholds Thresholds { get; init; } = new();

    /// <summary>What counts as speech.</summary>
    public SpeechDetection Speech { get; init; } = new();

    /// <summary>Who goes first when the model is busy.</summary>
    public RequestClass Class { get; init; } = RequestClass.Interactive;

    /// <summary>Asks for the place and probability of each word.</summary>
    public bool WordTimestamps { get; init; }

    /// <summary>Starts the generator that sampling draws from.</summary>
    public int Seed { get; init; }

    /// <summary>Audio before this is not transcribed, having been already. Times still count from the first sample.</summary>
    public TimeSpan ResumeFrom { get; init; }

    internal void Check(WhisperModel model)
    {
        CheckLanguage(model, Language, nameof(Language));
        foreach (var language in AllowedLanguages)
        {
            CheckLanguage(model, language, nameof(AllowedLanguages));
        }
        CheckRange(
            Switching.Windows is >= 1 and <= LanguageSwitching.MaxWindows,
            $"A switch of language takes 1 to {LanguageSwitching.MaxWindows} windows.",
            nameof(Switching));
        CheckRange(Switching.Probability is > 0 and <= 1, "A switch of language takes a probability above 0, at most 1.", nameof(Switching));
        CheckRange(Keywords.Count <= MaxKeywords, $"There may be at most {MaxKeywords} keywords.", nameof(Keywords));
        CheckRange(
            Keywords.All(IsKeyword),
            $"A keyword must have 1 to {MaxKeywordLength} characters, without angle brackets and line breaks.",
            nameof(Keywords));
        CheckRange(ResumeFrom >= TimeSpan.Zero, "The place to go on from must not be negative.", nameof(ResumeFrom));
        CheckRange(Temperature is >= 0 and <= 1, "The temperature must be between 0 and 1.", nameof(Temperature));
        CheckRange(BeamSize is >= 1 and <= MaxRows, $"The beam size must be between 1 and {MaxRows}.", nameof(BeamSize));
        CheckRange(Speech.Threshold is null or (>= 0 and <= 1), "The speech threshold must be between 0 and 1.", nameof(Speech.Threshold));
        CheckRange(
            Speech.Silence is null || (Speech.Silence >= TimeSpan.Zero && Speech.Silence <= SpeechDetection.MaxSilence),
            $"The silence must be between 0 and {SpeechDetection.MaxSilence.TotalSeconds} s.",
            nameof(Speech.Silence));
        CheckRange(
            Speech.Prefix is null || (Speech.Prefix >= TimeSpan.Zero && Speech.Prefix <= SpeechDetection.MaxPrefix),
            $"The prefix must be between 0 and {SpeechDetection.MaxPrefix.TotalSeconds} s.",
            nameof(Speech.Prefix));
        CheckRange(BestOf is >= 1 and <= MaxRows, $"Best-of must be between 1 and {MaxRows}.", nameof(BestOf));
    }

    /// <summary>Brackets would look like control tokens, and line breaks like another speaker, to whatever reads the prompt.</summary>
    private static bool IsKeyword(string? keyword) =>
        !string.IsNullOrWhiteSpace(keyword) && keyword.Length <= MaxKeywordLength
        && !keyword.Any(character => character is '<' or '>' || char.IsControl(character));

    private static void CheckLanguage(WhisperModel model, string? language, string field)
    {
        if (language is not null && !model.Control.Languages.ContainsKey(language))
        {
            throw new WhisperException(
                WhisperErrorReason.LanguageNotSupported, $"The model '{model.Name}' doesn't know the language '{language}'.")
            {
                Field = field,
            };
        }
    }

    private static void CheckRange(bool holds, string message, string field)
    {
        if (!holds)
        {
            throw new WhisperException(WhisperErrorReason.FieldInvalid, message) { Field = field };
        }
    }
}
