using WhisperMesh.Speech.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>
/// Whose turn it is: the most urgent class that has work; but a class that has waited is lifted by one for each period of
/// waiting, so that none starves. Not thread-safe.
/// </summary>
public sealed class ClassTurns(TimeSpan aging, TimeProvider time)
{
    /// <summary>Live, interactive, bulk.</summary>
    public const int Count = 3;

    private readonly long[] _waitingSince = [-1, -1, -1];

    /// <summary>Place of a class, the most urgent 0. An unset class is interactive.</summary>
    public static int IndexOf(RequestClass requestClass) => requestClass switch
    {
        RequestClass.Live => 0,
        RequestClass.Bulk => 2,
        _ => 1,
    };

    /// <summary>The classes with work, by turn, written to the front of <paramref name="order"/>; gives their number.</summary>
    public int Order(ReadOnlySpan<bool> hasWork, Span<int> order)
    {
        var now = time.GetTimestamp();
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!hasWork[i])
            {
                _waitingSince[i] = -1;
                continue;
            }

            Waits(i, now);
            var at = count++;
            while (at > 0 && Level(order[at - 1], now) > Level(i, now))
            {
                order[at] = order[at - 1];
                at--;
            }

            order[at] = i;
        }

        return count;
    }

    /// <summary>The class has work from now on, unless it had some already.</summary>
    public void Waits(int index) => Waits(index, time.GetTimestamp());

    /// <summary>The class has had a turn.</summary>
    public void Served(int index) => _waitingSince[index] = time.GetTimestamp();

    private void Waits(int index, long now)
    {
        if (_waitingSince[index] < 0)
        {
            _waitingSince[index] = now;
        }
    }

    /// <summary>The class's number, less the periods it has waited; a class lifted as far as another goes before it.</summary>
    private double Level(int index, long now)
    {
        var periods = Math.Floor(time.GetElapsedTime(_waitingSince[index], now) / aging);
        return periods == 0 ? index : Math.Max(index - periods, -1) - 0.5;
    }
}
