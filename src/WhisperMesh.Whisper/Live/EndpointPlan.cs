namespace WhisperMesh.Whisper.Live;

/// <summary>When utterances begin and end, in samples.</summary>
/// <param name="Pause">Silence that ends an utterance; null: none does.</param>
/// <param name="Settle">Silence after which all words are committed, even if the utterance may go on.</param>
/// <param name="Prefix">Audio to hear before speech begins.</param>
/// <param name="Longest">Speech after which an utterance is cut.</param>
internal sealed record EndpointPlan(long? Pause, long Settle, long Prefix, long Longest)
{
    private static readonly TimeSpan LongestUnsettled = TimeSpan.FromSeconds(0.8);

    public static EndpointPlan Of(Endpointing endpointing)
    {
        long? pause = endpointing.Manual ? null : LiveTime.Samples(endpointing.Pause);
        return new EndpointPlan(
            pause,
            Math.Min(LiveTime.Samples(LongestUnsettled), pause ?? long.MaxValue),
            LiveTime.Samples(endpointing.Prefix),
            LiveTime.Samples(endpointing.MaximumUtterance));
    }

    /// <summary>Whether so much silence ends an utterance.</summary>
    public bool EndsAfter(long silence) => silence >= Pause;

    /// <summary>A place in the silence that ends here: what comes before the next speech is after it, what was said is not.</summary>
    public long Place(long voiceEnd, long position) => position - Math.Min(Prefix, (position - voiceEnd) / 2);
}
