namespace WhisperMesh.Audio;

/// <summary>When sound counts as speech. The defaults are those of Silero.</summary>
public sealed record VoiceActivityOptions
{
    /// <summary>Probability from which on speech begins; it goes on until the probability falls 0.15 below.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Shorter speech is taken for noise.</summary>
    public TimeSpan MinSpeech { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Shorter silence does not end speech.</summary>
    public TimeSpan MinSilence { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Added on both sides of speech, where there is room.</summary>
    public TimeSpan Padding { get; init; } = TimeSpan.FromMilliseconds(30);
}
