namespace WhisperMesh.Whisper;

/// <summary>
/// Puts the events of several channels in one order: segments by their start, numbered anew; the first language found speaks for
/// the request. Not thread-safe.
/// </summary>
internal sealed class ChannelMerge
{
    private readonly List<TranscriptSegment> _waiting = [];
    private readonly List<TranscriptionEvent> _now = [];
    private bool _languageReported;
    private int _count;

    public void Add(IEnumerable<TranscriptionEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is SegmentRecognized recognized)
            {
                _waiting.Add(recognized.Segment);
            }
            else if (happened is not LanguageDetected || !_languageReported)
            {
                _languageReported |= happened is LanguageDetected;
                _now.Add(happened);
            }
        }
    }

    /// <summary>The events that nothing can come before any more.</summary>
    /// <param name="settled">All segments that start before it have been added.</param>
    public IReadOnlyList<TranscriptionEvent> TakeBefore(TimeSpan settled)
    {
        var ready = _waiting.Where(segment => segment.Start < settled).OrderBy(segment => segment.Start).ThenBy(segment => segment.Channel);
        TranscriptionEvent[] events = [.. _now, .. ready.Select(segment => new SegmentRecognized(segment with { Index = _count++ }))];
        _waiting.RemoveAll(segment => segment.Start < settled);
        _now.Clear();
        return events;
    }
}
