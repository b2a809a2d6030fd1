namespace WhisperMesh.Whisper.Scheduling;

/// <summary>
/// Whose turn it is: the most urgent class that has work; but a class that has waited is lifted by one for each period of
/// waiting, so that none starves. Not thread-safe.
/// </summary>
internal sealed class ClassTurns(TimeSpan aging, TimeProvider time)
{
    private const int Classes = 3;

    private readonly long[] _waitingSince = [-1, -1, -1];

    /// <summary>The classes with work, by turn, written to the front of <paramref name="order"/>; gives their number.</summary>
    public int Order(ReadOnlySpan<bool> hasWork, Span<RequestClass> order)
    {
        var now = time.GetTimestamp();
        var count = 0;
        for (var i = 0; i < Classes; i++)
        {
            if (!hasWork[i])
            {
                _waitingSince[i] = -1;
                continue;
            }
            if (_waitingSince[i] < 0)
            {
                _waitingSince[i] = now;
            }
            // Insertion keeps the more urgent class first where levels are equal, unless the other has aged to get there.
            var at = count++;
            while (at > 0 && Level((int)order[at - 1], now) > Level(i, now))
            {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = (RequestClass)i;
        }
        return count;
    }

    /// <summary>The class has had a turn.</summary>
    public void Served(RequestClass requestClass) => _waitingSince[(int)requestClass] = time.GetTimestamp();

    /// <summary>The class's number, less the periods it has waited; a class lifted as far as another goes before it.</summary>
    private double Level(int index, long now)
    {
        var periods = Math.Floor(time.GetElapsedTime(_waitingSince[index], now) / aging);
        return periods == 0 ? index : Math.Max(index - periods, -1) - 0.5;
    }
}
