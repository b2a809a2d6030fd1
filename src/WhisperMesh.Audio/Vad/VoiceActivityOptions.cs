namespace WhisperMesh.Audio;

/// <summary>
/// When sound counts as speech. The defaults are those that Silero publishes with the model (<c>get_speech_timestamps</c>) and
/// whisper.cpp takes over (<c>whisper_vad_default_params</c>); faster-whisper (<c>VadOptions</c>) has the same threshold, but cuts far
/// less: it hands long stretches to Whisper and wants no word lost at their ends. None of them limits the length of speech by
/// default, and neither is it done here: who needs pieces of a length (Whisper's 30 s) finds the best place to cut in the samples.
/// </summary>
public sealed record VoiceActivityOptions
{
    /// <summary>
    /// Probability from which on speech begins, between 0 and 1. It ends where the probability falls 0.15 below, but at the latest
    /// under 0.01. Silero, whisper.cpp and faster-whisper: 0.5; a higher one takes less noise for speech and misses more soft words.
    /// </summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>
    /// Shorter speech is taken for noise. Silero and whisper.cpp: 250 ms, the length of a short word; faster-whisper: 0, which keeps a
    /// lone "yes" and every click that sounds like one.
    /// </summary>
    public TimeSpan MinSpeech { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Shorter silence does not end speech. Silero and whisper.cpp: 100 ms, which divides phrases; faster-whisper: 2000 ms, which only
    /// leaves out long pauses.
    /// </summary>
    public TimeSpan MinSilence { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Added on both sides of speech, where there is room. Silero and whisper.cpp: 30 ms, about a chunk of the model; faster-whisper:
    /// 400 ms, since its speech goes to Whisper as it is. Whoever adds margins later needs no more than the default.
    /// </summary>
    public TimeSpan Padding { get; init; } = TimeSpan.FromMilliseconds(30);
}
