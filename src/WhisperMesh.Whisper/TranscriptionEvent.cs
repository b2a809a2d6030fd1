namespace WhisperMesh.Whisper;

/// <summary>What <see cref="Transcriber"/> reports while it works, in the order of the audio.</summary>
public abstract record TranscriptionEvent;

/// <summary>The language was not given and has been found on the first speech; likeliest first.</summary>
public sealed record LanguageDetected(string Language, IReadOnlyList<LanguageProbability> Probabilities) : TranscriptionEvent;

/// <summary>Another language is spoken from here on, in <see cref="TranscriptionRequest.Switching"/>'s judgement; likeliest first.</summary>
public sealed record LanguageSwitched(string Language, IReadOnlyList<LanguageProbability> Probabilities) : TranscriptionEvent;

/// <summary>A segment is final.</summary>
public sealed record SegmentRecognized(TranscriptSegment Segment) : TranscriptionEvent;

/// <summary>How far the work is, in audio time: all speech before <paramref name="Processed"/> has been reported.</summary>
public sealed record Progressed(TimeSpan Received, TimeSpan Processed) : TranscriptionEvent;

/// <summary>The last event. The language is the one given or heard first, and null when there was neither.</summary>
public sealed record Completed(TimeSpan AudioDuration, TimeSpan SpeechDuration, string? Language, TranscriptionTimings Timings)
    : TranscriptionEvent
{
    /// <summary>What of the request could not be honoured as asked, in plain sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What it took.</summary>
    public required RecognitionWork Work { get; init; }
}

/// <summary>Where the time went.</summary>
/// <param name="Total">From the first sample asked for to the end, waiting for audio included.</param>
/// <param name="VoiceActivity">Finding speech.</param>
/// <param name="Queued">Waiting for other requests' turns on the model.</param>
/// <param name="Features">Computing the log-mel.</param>
/// <param name="Encoding">Runs of the encoder.</param>
/// <param name="Decoding">Steps of the decoder and the search.</param>
public sealed record TranscriptionTimings(
    TimeSpan Total, TimeSpan VoiceActivity, TimeSpan Queued, TimeSpan Features, TimeSpan Encoding, TimeSpan Decoding)
{
    /// <summary>Steps that read what stands before the text, a part of <see cref="Decoding"/>.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>Steps that read what tells the language, a part of <see cref="Decoding"/>.</summary>
    public TimeSpan LanguageDetection { get; init; }

    /// <summary>Finding where words are; the model's steps for it are a part of <see cref="Decoding"/>.</summary>
    public TimeSpan Alignment { get; init; }
}
