namespace WhisperMesh.Whisper;

/// <summary>Reads blocks of samples, and lets whoever waits for the next one do something else meanwhile. Not thread-safe.</summary>
internal sealed class BlockReader<T>(IAsyncEnumerable<T> blocks, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<T> _blocks = blocks.GetAsyncEnumerator(cancellationToken);
    private Task<bool>? _next;

    public T Current => _blocks.Current;

    /// <summary>Waits for the next block, or for something else that happens before; gives whether the block was the first.</summary>
    /// <param name="other">What else may happen; null for nothing.</param>
    public async ValueTask<bool> IsNextFirstAsync(Task? other)
    {
        if (_next is null)
        {
            var next = _blocks.MoveNextAsync();
            if (other is null || next.IsCompleted)
            {
                _next = Task.FromResult(await next.ConfigureAwait(false));
                return true;
            }
            _next = next.AsTask();
        }
        return _next.IsCompleted || other is null || await Task.WhenAny(_next, other).ConfigureAwait(false) == _next;
    }

    /// <summary>Goes to the next block; gives whether there is one.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        await IsNextFirstAsync(other: null).ConfigureAwait(false);
        var next = _next!;
        _next = null;
        return await next.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_next is { } next)
        {
            // An enumerator must not be disposed while it moves; its token has been cancelled by now.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await _blocks.DisposeAsync().ConfigureAwait(false);
    }
}
