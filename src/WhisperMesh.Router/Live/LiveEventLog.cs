using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>
/// The numbered events of a session, kept for clients that are behind or come back. What a later event has made idle may be left out,
/// committed words never; when there is no room left the oldest go. Guarded by the session's lock.
/// </summary>
internal sealed class LiveEventLog(int limit, long lastNumber = 0)
{
    private const long MaxBytes = 4 * 1024 * 1024;

    // From here on it does not help to leave out what is idle: the oldest go, until it is as empty as the other says.
    private const double CrowdedShare = 0.9;
    private const double KeptShare = 0.75;

    private readonly List<StreamLiveResponse> _events = [];
    private long _bytes;
    private long _lastText;
    private long _lastStatus;

    /// <summary>Number of the newest event.</summary>
    public long Last { get; private set; } = lastNumber;

    /// <summary>Number of the newest event that is gone and told something.</summary>
    public long Lost { get; private set; } = lastNumber;

    /// <summary>Numbers an event and keeps it. It must not be changed any more.</summary>
    public void Add(StreamLiveResponse message)
    {
        message.EventNumber = ++Last;
        _events.Add(message);
        _bytes += message.CalculateSize();
        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.Update or StreamLiveResponse.EventOneofCase.Final:
                _lastText = Last;
                break;
            case StreamLiveResponse.EventOneofCase.Status:
                _lastStatus = Last;
                break;
        }

        if (IsOver(1))
        {
            _events.RemoveAll(IsIdle);
            _bytes = _events.Sum(kept => (long)kept.CalculateSize());
            if (IsOver(CrowdedShare))
            {
                RemoveOldest();
            }
        }
    }

    /// <summary>The first event after a number that still tells something; null: there is none yet.</summary>
    public StreamLiveResponse? After(long number)
    {
        for (var i = IndexAfter(number); i < _events.Count; i++)
        {
            if (!IsIdle(_events[i]))
            {
                return _events[i];
            }
        }

        return null;
    }

    private bool IsOver(double share) => _events.Count > limit * share || _bytes > MaxBytes * share;

    // Nothing new is in it once the next of its kind is there.
    private bool IsIdle(StreamLiveResponse message) => message.EventCase switch
    {
        StreamLiveResponse.EventOneofCase.Update => message.Update.Words.Count == 0 && message.EventNumber < _lastText,
        StreamLiveResponse.EventOneofCase.Status =>
            message.Status.Message.Length == 0 && message.Status.LostAudio is null && message.EventNumber < _lastStatus,
        _ => false,
    };

    private void RemoveOldest()
    {
        var count = 0;
        while (count < _events.Count - 1 && (_events.Count - count > limit * KeptShare || _bytes > MaxBytes * KeptShare))
        {
            Lost = _events[count].EventNumber;
            _bytes -= _events[count].CalculateSize();
            count++;
        }

        _events.RemoveRange(0, count);
    }

    private int IndexAfter(long number)
    {
        var (low, high) = (0, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].EventNumber <= number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
