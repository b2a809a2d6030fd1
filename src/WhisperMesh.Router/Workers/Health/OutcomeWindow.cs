namespace WhisperMesh.Router.Workers.Health;

/// <summary>Counts good and bad outcomes of late, in slices of time. Not thread-safe.</summary>
internal sealed class OutcomeWindow(TimeSpan length, TimeProvider time)
{
    private const int Slices = 10;

    private readonly (long Slice, int Good, int Bad)[] _slices = new (long, int, int)[Slices];

    public void Add(bool good)
    {
        var slice = Now();
        ref var current = ref _slices[slice % Slices];
        if (current.Slice != slice)
        {
            current = (slice, 0, 0);
        }

        (current.Good, current.Bad) = good ? (current.Good + 1, current.Bad) : (current.Good, current.Bad + 1);
    }

    /// <summary>Outcomes, and the share of bad ones among them.</summary>
    public (int Count, double BadShare) Sum()
    {
        var oldest = Now() - Slices + 1;
        var (good, bad) = (0, 0);
        foreach (var slice in _slices)
        {
            if (slice.Slice >= oldest)
            {
                (good, bad) = (good + slice.Good, bad + slice.Bad);
            }
        }

        return (good + bad, good + bad == 0 ? 0 : (double)bad / (good + bad));
    }

    public void Clear() => Array.Clear(_slices);

    // Counted from 1, so that a slice never used is older than any.
    private long Now() => Slices + (long)(time.GetElapsedTime(0, time.GetTimestamp()) / (length / Slices));
}
