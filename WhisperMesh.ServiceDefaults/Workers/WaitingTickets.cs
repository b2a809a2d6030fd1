using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>Those who wait for a place, by class and then in order. Guarded by the gate's lock.</summary>
internal sealed class WaitingTickets(TimeProvider time)
{
    /// <summary>Waiting that lifts a class by one: no class waits for ever.</summary>
    private static readonly TimeSpan Aging = TimeSpan.FromSeconds(20);

    private readonly LinkedList<Entry>[] _classes = [new(), new(), new()];
    private readonly ClassTurns _turns = new(Aging, time);

    public LinkedListNode<Entry> Add(RequestClass requestClass, DateTime? deadline)
    {
        var index = ClassTurns.IndexOf(requestClass);
        _turns.Waits(index);
        return _classes[index].AddLast(new Entry(deadline));
    }

    /// <returns>False when it has been answered already.</returns>
    public static bool Remove(LinkedListNode<Entry> node)
    {
        if (node.List is not { } list)
        {
            return false;
        }

        list.Remove(node);
        return true;
    }

    /// <summary>Gives the place to the next whose time is not up; those whose is, are told so.</summary>
    /// <returns>False when nobody waits.</returns>
    public bool GivePlace()
    {
        Span<bool> hasWork = [_classes[0].Count > 0, _classes[1].Count > 0, _classes[2].Count > 0];
        Span<int> order = stackalloc int[ClassTurns.Count];
        var count = _turns.Order(hasWork, order);
        foreach (var index in order[..count])
        {
            while (_classes[index].First is { } first)
            {
                _classes[index].RemoveFirst();
                if (first.Value.Deadline <= time.GetUtcNow().UtcDateTime)
                {
                    first.Value.Place.TrySetException(MeshException.DeadlineExceeded());
                    continue;
                }

                _turns.Served(index);
                first.Value.Place.TrySetResult();
                return true;
            }
        }

        return false;
    }

    internal sealed class Entry(DateTime? deadline)
    {
        public DateTime? Deadline { get; } = deadline;

        public TaskCompletionSource Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
