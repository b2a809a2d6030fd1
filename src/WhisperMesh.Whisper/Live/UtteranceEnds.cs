using WhisperMesh.Audio;

namespace WhisperMesh.Whisper.Live;

/// <summary>Counts a stream's utterances, and says of each what it came to and where a broken stream can go on. Of the loop's task.</summary>
internal sealed class UtteranceEnds(LiveOptions options, int firstTimestamp)
{
    private readonly UtteranceSegment _segments = new(options.Request);

    /// <summary>Utterances so far, those before a resume included: the index of the next.</summary>
    public int Count { get; private set; } = options.Resume?.Checkpoint.Utterances ?? 0;

    /// <summary>Those of this run that had text.</summary>
    public int WithText { get; private set; }

    /// <summary>Speech so far, in samples.</summary>
    public long Speech { get; private set; } = LiveTime.Samples(options.Resume?.Checkpoint.Speech ?? TimeSpan.Zero);

    /// <summary>The end of an utterance.</summary>
    /// <param name="utterance">All of it.</param>
    /// <param name="reason">Why it ended.</param>
    /// <param name="place">Where the next may begin.</param>
    /// <param name="language">The stream's.</param>
    public UtteranceEnded Make(OpenUtterance utterance, EndpointReason reason, long place, LiveLanguage language)
    {
        var segment = _segments.Make(utterance, language.Current ?? utterance.LastPass?.Language ?? language.First ?? "", firstTimestamp);
        Speech += utterance.VoiceBetween(0, place).Count * (long)SileroVad.ChunkLength;
        WithText += segment.Text.Length > 0 ? 1 : 0;
        Count++;
        // Others begin anew: told what was said before, the model heard them no better, but took it for their language.
        var context = reason == EndpointReason.MaximumDuration && segment.Verdict == SegmentVerdict.Ok ? LiveContext.EndOf(segment.Text) : "";
        return new UtteranceEnded(segment, reason, new LiveCheckpoint(place, Count, context, language.Held, LiveTime.Of(Speech))
        {
            Doubt = language.Doubt,
        });
    }

    /// <summary>The end of the stream.</summary>
    public LiveCompleted Complete(LivePasses passes, LiveLanguage language) =>
        new(LiveTime.Of(Speech), WithText, passes.Count, passes.Decoding, language.First, passes.Warnings);
}
