using System.Globalization;
using StackExchange.Redis;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>
/// The time that the whole mesh shares: that of Redis, carried on by this machine's monotonic clock. The machine's own wall clock
/// may be wrong by hours and counts only where no Redis was ever reached.
/// </summary>
internal sealed class MeshClock(TimeProvider timeProvider)
{
    private static readonly TimeSpan UsefulRoundTrip = TimeSpan.FromSeconds(2);

    private sealed record Reading(long Timestamp, DateTimeOffset Time);

    private volatile Reading? _last;

    public DateTimeOffset Now => _last is { } last ? last.Time + timeProvider.GetElapsedTime(last.Timestamp) : timeProvider.GetUtcNow();

    /// <summary>Asks Redis; the caller handles its exceptions.</summary>
    public async Task SynchronizeAsync(IDatabase database)
    {
        var asked = timeProvider.GetTimestamp();
        var parts = (string[])(await database.ExecuteAsync("TIME"))!;
        var answered = timeProvider.GetTimestamp();
        var time = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture))
            .AddMicroseconds(long.Parse(parts[1], CultureInfo.InvariantCulture));
        // An answer that took long says little; what is known already runs on well enough until the next.
        if (_last is null || timeProvider.GetElapsedTime(asked, answered) < UsefulRoundTrip)
        {
            // It was made somewhere between question and answer: halfway, as good a guess as any.
            _last = new Reading(asked + ((answered - asked) / 2), time);
        }
    }
}
