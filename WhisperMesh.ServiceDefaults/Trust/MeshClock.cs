using System.Globalization;
using StackExchange.Redis;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>
/// The time that the whole mesh shares: that of Redis, carried on by this machine's monotonic clock. The machine's own wall clock
/// may be wrong by hours and counts only where no Redis was ever reached.
/// </summary>
internal sealed class MeshClock(TimeProvider timeProvider)
{
    private sealed record Reading(long Timestamp, DateTimeOffset Time);

    private volatile Reading? _last;

    public DateTimeOffset Now => _last is { } last ? last.Time + timeProvider.GetElapsedTime(last.Timestamp) : timeProvider.GetUtcNow();

    /// <summary>Asks Redis; the caller handles its exceptions.</summary>
    public void Synchronize(IDatabase database)
    {
        var asked = timeProvider.GetTimestamp();
        Set(asked, database.Execute("TIME"));
    }

    /// <inheritdoc cref="Synchronize"/>
    public async Task SynchronizeAsync(IDatabase database)
    {
        var asked = timeProvider.GetTimestamp();
        Set(asked, await database.ExecuteAsync("TIME"));
    }

    // The answer was made somewhere between question and answer: halfway, as good a guess as any.
    private void Set(long asked, RedisResult answer)
    {
        var parts = (string[])answer!;
        var seconds = long.Parse(parts[0], CultureInfo.InvariantCulture);
        var microseconds = long.Parse(parts[1], CultureInfo.InvariantCulture);
        var answered = timeProvider.GetTimestamp();
        _last = new Reading(asked + ((answered - asked) / 2), DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(microseconds));
    }
}
