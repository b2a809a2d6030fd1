using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// What a client sent since the last checkpoint, in order: another worker gets it again. Guarded by the session's lock.
/// </summary>
internal sealed class LiveTail(LiveFormat format, long position)
{
    private readonly List<LiveItem> _items = [];
    private long _first;

    /// <summary>Where the kept audio begins.</summary>
    public long Start { get; private set; } = position;

    /// <summary>Where the next audio goes: all that was received.</summary>
    public long End { get; private set; } = position;

    public long Bytes => End - Start;

    public int Count => _items.Count;

    public void Add(LiveItem item)
    {
        _items.Add(item);
        End = item.Kind == LiveItemKind.Audio ? item.End : End;
    }

    /// <summary>The item of a number, or the next that is still to be told. Moves the number on to the one after it.</summary>
    public bool TryTake(ref long number, out LiveItem item)
    {
        for (number = Math.Max(number, _first); number - _first < _items.Count;)
        {
            item = _items[(int)(number++ - _first)];
            if (!item.IsNothing)
            {
                return true;
            }
        }

        item = default;
        return false;
    }

    /// <summary>An utterance has ended: nothing before its checkpoint is needed again, nor what ended it.</summary>
    public void Acknowledge(long position, EndpointReason reason)
    {
        position = Math.Clamp(position, Start, End);
        Void(position, reason);
        var count = 0;
        while (count < _items.Count && IsBefore(_items[count], position))
        {
            count++;
        }

        Forget(count, position);
    }

    /// <summary>Gives up the oldest audio beyond <paramref name="bytes"/>.</summary>
    /// <returns>Bytes that are lost.</returns>
    public long Shorten(long bytes)
    {
        if (Bytes <= bytes)
        {
            return 0;
        }

        var (start, position) = (Start, Math.Min(End, format.AlignUp(End - bytes)));
        var count = 0;
        while (count < _items.Count && IsBefore(_items[count], position))
        {
            count++;
        }

        Forget(count, position);
        return Start - start;
    }

    /// <summary>Nobody needs any of it again.</summary>
    public void Clear() => Forget(_items.Count, End);

    /// <summary>Takes out the commit or clear that ended the utterance; whoever sends the items keeps its place.</summary>
    private void Void(long position, EndpointReason reason)
    {
        LiveItemKind? kind = reason switch
        {
            EndpointReason.Commit => LiveItemKind.Commit,
            EndpointReason.Clear => LiveItemKind.Clear,
            _ => null,
        };

        // The place from which the next utterance is to be heard may lie a little before what ended this one.
        var index = _items.FindIndex(item => item.Kind == kind && item.Position >= position);
        if (index >= 0)
        {
            _items[index] = LiveItem.Nothing(_items[index].Position);
        }
    }

    // At the very place, a commit or clear is still to be done; after it there is an utterance of its own.
    private static bool IsBefore(LiveItem item, long position) => item.Kind switch
    {
        LiveItemKind.Audio => item.End <= position,
        LiveItemKind.End => false,
        _ => item.Position < position,
    };

    private void Forget(int count, long position)
    {
        _items.RemoveRange(0, count);
        _first += count;
        if (_items is [{ Kind: LiveItemKind.Audio } first, ..])
        {
            _items[0] = first.From(position);
        }

        Start = position;
    }
}
