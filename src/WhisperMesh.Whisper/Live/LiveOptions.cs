namespace WhisperMesh.Whisper.Live;

/// <summary>What is asked of the engine for one live stream.</summary>
public sealed record LiveOptions
{
    /// <summary>Language, vocabulary and thresholds; what concerns recordings only is not looked at: <see cref="TranscriptionRequest.Temperature"/>,
    /// <see cref="TranscriptionRequest.BeamSize"/>, <see cref="TranscriptionRequest.CarryContext"/>, <see cref="TranscriptionRequest.Class"/>,
    /// <see cref="TranscriptionRequest.Speech"/>, <see cref="TranscriptionRequest.WordTimestamps"/>, <see cref="TranscriptionRequest.ResumeFrom"/>.</summary>
    public TranscriptionRequest Request { get; init; } = new();

    /// <summary>Delay against steadiness.</summary>
    public LiveLatency Latency { get; init; } = LiveLatency.Low;

    /// <summary>When an utterance begins and ends.</summary>
    public Endpointing Endpointing { get; init; } = new();

    /// <summary>Makes passes at fixed places of the audio instead of by need: the same audio then gives the same words.</summary>
    public bool PassesByAudio { get; init; }

    /// <summary>Where an earlier stream broke off; null to begin.</summary>
    public LiveResume? Resume { get; init; }
}

/// <summary>Trades delay for words that change less while they are young.</summary>
public enum LiveLatency
{
    /// <summary>First words as soon as they can be had.</summary>
    Minimal,

    /// <summary>Captions: a word about a second after it was said.</summary>
    Low,

    /// <summary>Fewer passes, steadier words.</summary>
    Medium,

    /// <summary>Words once their phrase is over.</summary>
    High,
}

/// <summary>When an utterance begins and ends.</summary>
public sealed record Endpointing
{
    /// <summary>Probability from which a moment counts as speech, 0 to 1.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Silence that ends an utterance, 0.1 to 10 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary>Audio taken along before speech begins, 0 to 2 s.</summary>
    public TimeSpan Prefix { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Speech after which an utterance ends though no pause has come, 5 to 60 s.</summary>
    public TimeSpan MaximumUtterance { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Utterances end only when told to, or at their maximum length, whatever the pauses.</summary>
    public bool Manual { get; init; }
}

/// <summary>What is known of a stream that broke off.</summary>
/// <param name="Checkpoint">Where its last utterance ended. The audio that is heard begins here.</param>
/// <param name="Words">Words committed after that: they stand, and are not told again.</param>
public sealed record LiveResume(LiveCheckpoint Checkpoint, IReadOnlyList<LiveWord> Words);

/// <summary>A place where a stream can go on: all speech before it is told, and nothing after it has been begun.</summary>
/// <param name="Sample">Samples, at 16 kHz, before it.</param>
/// <param name="Utterances">Utterances before it.</param>
/// <param name="Context">Text that the next utterance follows on.</param>
/// <param name="Language">Language that was detected and is held; null: none yet.</param>
/// <param name="Speech">Speech before it.</param>
public sealed record LiveCheckpoint(long Sample, int Utterances, string Context, string? Language, TimeSpan Speech)
{
    /// <summary>The beginning of a stream.</summary>
    public static readonly LiveCheckpoint Start = new(0, 0, "", null, TimeSpan.Zero);

    /// <summary>What speaks for another language than <see cref="Language"/>; null: nothing.</summary>
    public LanguageDoubt? Doubt { get; init; }
}

/// <summary>A language that the last utterances seemed to be in, though another was held.</summary>
/// <param name="Language">Its code.</param>
/// <param name="Utterances">How many they were.</param>
public sealed record LanguageDoubt(string Language, int Utterances);

/// <summary>A word that will not change.</summary>
/// <param name="Text">With its punctuation, and the space before it where the language has one: joined they are the text.</param>
/// <param name="Start">On the stream.</param>
/// <param name="Duration">Its length.</param>
/// <param name="Probability">Mean probability of its tokens, 0 to 1.</param>
public sealed record LiveWord(string Text, TimeSpan Start, TimeSpan Duration, float Probability);
