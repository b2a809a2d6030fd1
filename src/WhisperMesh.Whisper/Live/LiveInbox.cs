using System.Threading.Channels;

namespace WhisperMesh.Whisper.Live;

/// <summary>
/// What was fed and has not been worked on. Bounded: whoever feeds waits. One feeds, one takes.
/// </summary>
/// <param name="limit">Samples that may wait when a call to feed returns; 0: none.</param>
/// <param name="start">Place on the stream of the first sample.</param>
internal sealed class LiveInbox(long limit, long start)
{
    // Tiny blocks and commands count too: a minute in blocks of 20 ms is 3000.
    private const int MostItems = 4096;

    private readonly Channel<LiveInput> _items = Channel.CreateBounded<LiveInput>(new BoundedChannelOptions(MostItems) { SingleReader = true });
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private Exception? _failure;
    private long _received = start;
    private long _done = start;
    private long _taken = start;

    /// <summary>Place on the stream up to which audio was fed.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Feeds; returns when there is room for more.</summary>
    public async ValueTask AddAsync(LiveInput input, CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        Interlocked.Add(ref _received, input.Samples.Length);
        try
        {
            await _items.Writer.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Interlocked.Add(ref _received, -input.Samples.Length);
            ThrowIfFailed();
            if (exception is not ChannelClosedException)
            {
                throw;
            }
            throw new InvalidOperationException("The stream has been completed.");
        }
        await RoomAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing follows.</summary>
    public void Complete() => _items.Writer.TryComplete();

    /// <summary>Whether there is more, or will be.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _items.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake(out LiveInput input)
    {
        if (!_items.Reader.TryRead(out input))
        {
            return false;
        }
        _taken += input.Samples.Length;
        return true;
    }

    /// <summary>All that was taken has been worked on.</summary>
    public void Done()
    {
        lock (_lock)
        {
            _done = _taken;
            if (Received - _done <= limit)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>Nobody takes any more; whoever feeds, or waits, gets this.</summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            _room?.TrySetException(failure);
            _room = null;
        }
        _items.Writer.TryComplete();
    }

    private Task RoomAsync()
    {
        lock (_lock)
        {
            ThrowIfFailed();
            if (Received - _done <= limit)
            {
                return Task.CompletedTask;
            }
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }
}
