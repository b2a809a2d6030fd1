using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Decodes one window: reads the prompt, learns from the logits at the start of the transcript whether somebody speaks and in which
/// language, then lets a search grow the text.
/// </summary>
internal sealed class DecodeProgram(DecodePlan plan, ControlTokens control) : RowProgram
{
    private IDecodingSearch? _search;
    private int _positions;

    public override int MaxRows => plan.Rows;

    public override Stage Reads => Language is null ? Stage.Language : Stage.Prefill;

    /// <summary>0 for the likeliest tokens.</summary>
    public float Temperature => plan.Temperature;

    /// <summary>The language of the text: the one given, or the likeliest.</summary>
    public string? Language { get; private set; } = plan.Language;

    /// <summary>What the window sounds like, likeliest first.</summary>
    public IReadOnlyList<LanguageProbability> Heard { get; private set; } = [];

    /// <summary>How likely nobody speaks.</summary>
    public float NoSpeechProbability { get; private set; }

    /// <summary>The text, once the program is over.</summary>
    public DecodedText Result => _search!.Result with { NoSpeechProbability = NoSpeechProbability };

    public override Reading Begin(CrossMemory audio)
    {
        _positions = audio.Positions;
        var start = plan.Previous.Length;
        if (Language is not { } language)
        {
            return new Reading([.. plan.Previous, control.StartOfTranscript], [start]);
        }
        int[] header = Header(language);
        return new Reading([.. plan.Previous, control.StartOfTranscript, .. header], [start, start + header.Length]);
    }

    public override Reading? Advance(LogitRows logits, List<RowStep> next)
    {
        if (_search is not null)
        {
            _search.Advance(logits, next);
            return null;
        }
        if (Heard.Count == 0)
        {
            NoSpeechProbability = Logits.Probability(logits[0], control.NoSpeech);
            Heard = LanguageDetector.Probabilities(logits[0], control, plan.Language is null ? plan.AllowedLanguages : null);
        }
        if (Language is null)
        {
            Language = Heard[0].Language;
            int[] header = Header(Language);
            return new Reading(header, [header.Length - 1]);
        }
        _search = DecodingSearches.Create(plan.Task(_positions, control), control);
        _search.Advance(logits.From(logits.Count - 1), next);
        return null;
    }

    private int[] Header(string language) => plan.Timestamps
        ? [control.Languages[language], plan.Mode]
        : [control.Languages[language], plan.Mode, control.NoTimestamps, .. plan.Begun];
}
