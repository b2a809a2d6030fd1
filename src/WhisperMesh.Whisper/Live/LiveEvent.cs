namespace WhisperMesh.Whisper.Live;

/// <summary>What <see cref="ILiveTranscription"/> reports.</summary>
public abstract record LiveEvent
{
    /// <summary>Audio heard when this was reported.</summary>
    public TimeSpan Received { get; init; }

    /// <summary>Audio before which every word is committed: the end of the last committed word, or of the silence after it.</summary>
    public TimeSpan Committed { get; init; }
}

/// <summary>Somebody began to speak.</summary>
public sealed record SpeechBegan(int Utterance, TimeSpan Start) : LiveEvent;

/// <summary>They paused long enough to end the utterance.</summary>
public sealed record SpeechPaused(int Utterance, TimeSpan End) : LiveEvent;

/// <summary>What a pass has brought.</summary>
/// <param name="Utterance">Counts from 0.</param>
/// <param name="Words">Newly committed, following on those before.</param>
/// <param name="Tentative">What seems to follow them, instead of all told before.</param>
/// <param name="Stability">How likely <paramref name="Tentative"/> is to stay, 0 to 1.</param>
/// <param name="Language">Code of its language.</param>
public sealed record WordsHeard(int Utterance, IReadOnlyList<LiveWord> Words, string Tentative, float Stability, string Language) : LiveEvent
{
    /// <summary>Audio that the pass heard.</summary>
    public TimeSpan Heard { get; init; }
}

/// <summary>An utterance is over.</summary>
/// <param name="Segment">The whole of it; its index counts utterances. Its text is empty where nobody was understood.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Checkpoint">Where a broken stream can go on.</param>
public sealed record UtteranceEnded(TranscriptSegment Segment, EndpointReason Reason, LiveCheckpoint Checkpoint) : LiveEvent;

/// <summary>
/// The machine has become too busy for the passes asked for, or no longer is; also told where nothing else was for 5 s of audio, so
/// that it is known how far the stream is.
/// </summary>
/// <param name="Busy">Whether passes are rarer than asked for.</param>
/// <param name="PassInterval">Audio between two passes of late.</param>
public sealed record LoadChanged(bool Busy, TimeSpan PassInterval) : LiveEvent;

/// <summary>The last event.</summary>
/// <param name="Speech">How much of the audio was speech, before a resume included.</param>
/// <param name="Utterances">Utterances that ended with text since this engine took the stream.</param>
/// <param name="Passes">Passes of the model.</param>
/// <param name="Decoding">Time that the model took for them.</param>
/// <param name="Language">Language given, or detected first; null when nobody spoke.</param>
/// <param name="Warnings">What of the request could not be honoured as asked, in plain sentences.</param>
public sealed record LiveCompleted(
    TimeSpan Speech, int Utterances, long Passes, TimeSpan Decoding, string? Language, IReadOnlyList<string> Warnings) : LiveEvent;

/// <summary>Why an utterance ended.</summary>
public enum EndpointReason
{
    /// <summary>A pause.</summary>
    Pause,

    /// <summary>The caller said so.</summary>
    Commit,

    /// <summary>It reached its maximum length; speech goes on in the next.</summary>
    MaximumDuration,

    /// <summary>The audio ended.</summary>
    EndOfAudio,

    /// <summary>The caller dropped the rest.</summary>
    Clear,
}
