using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// The language of a stream: given, or detected on the first pass with enough voice and held from then on; each utterance is heard
/// once for another. Not thread-safe.
/// </summary>
internal sealed class LiveLanguage
{
    // Of less voice the model may be as sure of the wrong language as of the right one.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    // Passes over an utterance overlap: its last speaks for it, or the first over as much as a window of recordings mostly has.
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(5);

    private readonly string? _given;
    private readonly float _noSpeech;
    private readonly LanguageHold _hold;
    private bool _isHeard;
    private bool _isSuspect;

    public LiveLanguage(TranscriptionRequest request, LiveCheckpoint? checkpoint)
    {
        (_given, _noSpeech) = (request.Language, request.Thresholds.NoSpeech);
        _hold = new LanguageHold(request.Switching, request.AllowedLanguages);
        First = request.Language ?? checkpoint?.Language;
        if (checkpoint?.Language is { } held)
        {
            _hold.Begin(held, checkpoint.Doubt is { } doubt ? (doubt.Language, doubt.Utterances) : null);
            _isSuspect = Doubt is not null;
        }
    }

    /// <summary>The language to decode as; null until it is known.</summary>
    public string? Current => _given ?? _hold.Language;

    /// <summary>The one that was detected, and is held.</summary>
    public string? Held => _given is null ? _hold.Language : null;

    /// <summary>What speaks for another.</summary>
    public LanguageDoubt? Doubt => _given is null && _hold.Doubt is { } doubt ? new LanguageDoubt(doubt.Language, doubt.Windows) : null;

    /// <summary>The one given, or detected first.</summary>
    public string? First { get; private set; }

    /// <summary>
    /// Whether the words of a pass must wait: another language than it was decoded as was surely heard, in it or before, so that they
    /// may be a translation by accident. Until the language has changed, its own is surely heard, or the utterance ends.
    /// </summary>
    public bool Suspects(Hypothesis pass)
    {
        if (_given is null && pass.NoSpeechProbability <= _noSpeech && _hold.SureOf(pass.Heard) is { } sure)
        {
            _isSuspect = sure != pass.Language;
        }
        return _isSuspect;
    }

    /// <summary>Takes in a pass; gives whether the language is another from now on.</summary>
    public bool Hear(Hypothesis pass) => Hear(pass, Telling);

    /// <summary>No pass follows over this utterance; gives whether the language is another from now on.</summary>
    public bool EndUtterance(Hypothesis pass)
    {
        var switched = Hear(pass, Enough);
        if (pass.Words.Count > 0)
        {
            First ??= pass.Language;
        }
        return switched;
    }

    /// <summary>The next utterance is heard by itself.</summary>
    public void BeginUtterance() => (_isHeard, _isSuspect) = (false, Doubt is not null);

    private bool Hear(Hypothesis pass, TimeSpan telling)
    {
        if (_given is not null || _isHeard || pass.NoSpeechProbability > _noSpeech)
        {
            return false;
        }
        if (_hold.Language is not null)
        {
            _isHeard = pass.Voice >= telling;
            var switches = _isHeard && _hold.On(pass.Heard, pass.Voice.TotalSeconds) == LanguageDecision.Switch;
            _isSuspect &= !switches;
            return switches;
        }
        if (pass.Words.Count > 0 && pass.Voice >= Enough)
        {
            First ??= pass.Language;
            _hold.Begin(pass.Language);
            _isHeard = true;
        }
        return false;
    }
}
