namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>When captions appear and go: with their words, but for as long as they take to be read.</summary>
internal sealed class CaptionTiming(CaptionOptions options)
{
    /// <summary>When a caption appears whose first word begins at <paramref name="words"/>.</summary>
    /// <param name="last">The caption before, if there is one.</param>
    /// <param name="words">When its words begin.</param>
    /// <param name="floor">Before this nothing may change any more.</param>
    public TimeSpan Start(Caption? last, TimeSpan words, TimeSpan floor)
    {
        var start = Max(words, floor);
        if (last is not null)
        {
            var readable = Min(last.End + options.MinimumGap, words + options.ReadingDelay);
            start = Max(start, Max(readable, last.Start + options.MinimumDuration + options.MinimumGap));
        }

        return WholeMilliseconds(start);
    }

    /// <summary>When it may go, if no other needs the screen.</summary>
    public TimeSpan End(TimeSpan start, TimeSpan words, int width)
    {
        var reading = Max(TimeSpan.FromSeconds(width / options.CharactersPerSecond), options.MinimumDuration);
        return WholeMilliseconds(Min(Max(words, start + reading), start + options.MaximumDuration));
    }

    /// <summary>When it goes, once it is known when the next one appears.</summary>
    public TimeSpan EndBefore(Caption caption, TimeSpan next) => Min(caption.End, next - options.MinimumGap);

    private static TimeSpan WholeMilliseconds(TimeSpan time) => TimeSpan.FromMilliseconds((long)Math.Ceiling(time.TotalMilliseconds));

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
