namespace WhisperMesh.Whisper.Live;

/// <summary>The stretch of audio that passes hear again and again until its words are committed. Not thread-safe.</summary>
internal sealed class OpenWindow(long start, PassClock clock)
{
    // Speech fades out: a pass that heard this much silence after it has heard all of it.
    private const long Faded = 1_600;

    private Hypothesis? _last;

    /// <summary>Where it begins on the stream.</summary>
    public long Start { get; private set; } = start;

    public PassClock Clock => clock;

    /// <summary>Where a pass became due that has not been made; null when none is.</summary>
    public long? DueAt { get; private set; }

    /// <summary>Takes in a chunk that ends here.</summary>
    public void Add(bool isVoice, long silence, long position)
    {
        clock.Add(isVoice, silence);
        if (clock.IsDue)
        {
            DueAt ??= position;
        }
    }

    /// <summary>A pass over it begins.</summary>
    public void PassStarted()
    {
        clock.Started();
        DueAt = null;
    }

    /// <summary>A pass over it has ended.</summary>
    public void Hear(Hypothesis pass) => _last = pass;

    /// <summary>Whether the last pass has heard all of the voice and nothing after the end, and can be believed.</summary>
    public bool IsHeard(long voiceEnd, long end) => _last is { IsDoubtful: false } last && last.End <= end && Covers(last.End, voiceEnd);

    /// <summary>Whether a pass that ends here hears all of the voice.</summary>
    public static bool Covers(long end, long voiceEnd) => end >= voiceEnd + Faded;

    public void Trim(long place) => Start = place;
}
