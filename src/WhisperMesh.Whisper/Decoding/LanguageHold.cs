namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Holds on to the language that was detected until several windows in a row surely hear the same other one. State of one channel:
/// not thread-safe.
/// </summary>
/// <param name="switching">How sure is sure.</param>
/// <param name="allowed">Codes to choose from; empty for all.</param>
internal sealed class LanguageHold(LanguageSwitching switching, IReadOnlyList<string> allowed)
{
    // Half a phrase. Of less the model may be as sure of the wrong language as of the right one.
    private const double LeastVoiceSeconds = 1;

    private string? _other;
    private int _windows;

    /// <summary>The language held; null until the first speech.</summary>
    public string? Language { get; private set; }

    /// <summary>The other language that the last windows surely heard, and how many they were; null when they did not.</summary>
    public (string Language, int Windows)? Doubt => _other is { } other && _windows > 0 ? (other, _windows) : null;

    /// <summary>Takes the language of the first speech, or one that was held before.</summary>
    /// <param name="language">The language.</param>
    /// <param name="doubt">What <see cref="Doubt"/> said then.</param>
    public void Begin(string language, (string Language, int Windows)? doubt = null) =>
        (Language, _other, _windows) = (language, doubt?.Language, doubt?.Windows ?? 0);

    /// <summary>Takes in the next window's hearing.</summary>
    /// <param name="heard">Probabilities of all languages.</param>
    /// <param name="voicedSeconds">Voice in the window.</param>
    public LanguageDecision On(IReadOnlyList<LanguageProbability> heard, double voicedSeconds)
    {
        if (Language is null)
        {
            return LanguageDecision.Keep;
        }
        if (voicedSeconds < LeastVoiceSeconds)
        {
            // Speaks neither for the other language nor against it, and goes with its neighbours.
            return _windows > 0 ? LanguageDecision.Wait : LanguageDecision.Keep;
        }
        if (SureOf(heard) is not { } sure || sure == Language)
        {
            (_other, _windows) = (null, 0);
            return LanguageDecision.Keep;
        }
        var another = _other is not null && sure != _other;
        (_windows, _other) = (sure == _other ? _windows + 1 : 1, sure);
        if (_windows < switching.Windows)
        {
            return another ? LanguageDecision.WaitAnew : LanguageDecision.Wait;
        }
        (Language, _other, _windows) = (sure, null, 0);
        return LanguageDecision.Switch;
    }

    /// <summary>The one language of the allowed ones that the window surely is in; null when none is.</summary>
    public string? SureOf(IReadOnlyList<LanguageProbability> heard)
    {
        LanguageProbability? best = null;
        var all = 0f;
        foreach (var language in heard)
        {
            if (allowed.Count > 0 && !allowed.Contains(language.Language))
            {
                continue;
            }
            all += language.Probability;
            best = best is null || language.Probability > best.Probability ? language : best;
        }
        return best is not null && best.Probability >= switching.Probability * all ? best.Language : null;
    }
}

/// <summary>What a window's hearing means for it and for those that wait.</summary>
internal enum LanguageDecision
{
    /// <summary>The language stays: all that waited, and this window, are as they were decoded.</summary>
    Keep,

    /// <summary>Perhaps another language: this window waits, beside those that wait already.</summary>
    Wait,

    /// <summary>Perhaps a third language: what waited stays as it was decoded, and this window waits.</summary>
    WaitAnew,

    /// <summary>The language has changed: what waits, and this window, are decoded again.</summary>
    Switch,
}
