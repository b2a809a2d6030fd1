using System.Diagnostics.CodeAnalysis;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>
/// What waits for one viewer. Never holds up who posts: of tentative text and status only the latest is kept, and when too many
/// captions wait all are dropped and the viewer is due to go on from the present.
/// </summary>
internal sealed class Viewer(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<SharedEvent> _queue = [];
    private SharedEvent? _tentative;
    private SharedEvent? _status;
    private TaskCompletionSource? _waiting;

    /// <summary>Whether it was too slow, and has to be told the present.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether something waits.</summary>
    public bool HasMore
    {
        get
        {
            lock (_lock)
            {
                return IsLost || _queue.Count > 0 || _status is not null || _tentative is not null;
            }
        }
    }

    public void Post(SharedEvent message)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            if (!IsLost)
            {
                Keep(message);
            }

            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>The next message; null when none waits, or when the viewer is lost.</summary>
    public SharedEvent? TryTake()
    {
        lock (_lock)
        {
            if (_queue.TryDequeue(out var next))
            {
                return next;
            }

            (next, _status) = (_status, null);
            if (next is null)
            {
                (next, _tentative) = (_tentative, null);
            }

            return next;
        }
    }

    /// <summary>Waits until something is there, or for a while.</summary>
    /// <returns>False when nothing came.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryWait(out var waiting))
        {
            return true;
        }

        try
        {
            await waiting.Task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Forgets what waits: the present is told in its place.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Clear();
            IsLost = false;
        }
    }

    private bool TryWait([NotNullWhen(true)] out TaskCompletionSource? waiting)
    {
        lock (_lock)
        {
            if (IsLost || _queue.Count > 0 || _status is not null || _tentative is not null)
            {
                waiting = null;
                return false;
            }

            waiting = _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    private void Keep(SharedEvent message)
    {
        if (message.Type == CaptionEventTypes.Tentative)
        {
            _tentative = message;
        }
        else if (message.Type == CaptionEventTypes.Status)
        {
            _status = message;
        }
        else if (_queue.Count < capacity)
        {
            // What was tentative before a caption is in it, or gone; after the end there is no status.
            _tentative = null;
            _status = message.Type == CaptionEventTypes.Caption ? _status : null;
            _queue.Enqueue(message);
        }
        else
        {
            Clear();
            IsLost = true;
        }
    }

    private void Clear()
    {
        _queue.Clear();
        (_tentative, _status) = (null, null);
    }
}
