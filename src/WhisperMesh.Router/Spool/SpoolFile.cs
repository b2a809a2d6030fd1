using System.Security.Cryptography;

namespace WhisperMesh.Router.Spool;

/// <summary>
/// One upload, in memory while it is short and else on disk. One writer appends and ends it with <see cref="Complete"/> or
/// <see cref="Fail"/>; any number of readers follow, each from the start, also while it still grows. Its content is hashed as it
/// comes, so that the hash costs no second reading.
/// </summary>
internal sealed class SpoolFile(AudioSpool spool, SpoolContent content) : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private Exception? _failure;
    private long _written;
    private bool _ended;
    private long _completedAt;
    private bool _disposed;
    private bool _closed;
    private int _holders = 1;
    private volatile ContentHash? _contentHash;

    // Touched by the writer only, until the end.
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _reserved;

    public long Length => Interlocked.Read(ref _written);

    /// <summary>Whether the upload has ended.</summary>
    public bool IsComplete => CompletedAt is not null;

    /// <summary>Timestamp at which the upload ended; null while it grows.</summary>
    public long? CompletedAt => Interlocked.Read(ref _completedAt) is > 0 and var at ? at : null;

    /// <summary>Bytes that it may grow to.</summary>
    public long MaxLength => spool.MaxFileBytes;

    /// <summary>What the upload holds; null until it is complete.</summary>
    public ContentHash? ContentHash => _contentHash;

    /// <exception cref="ServiceDefaults.Errors.MeshException">The upload, or all of them together, grew above a limit.</exception>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_reserved + bytes.Length > spool.MaxFileBytes)
        {
            throw SpoolErrors.UploadTooLarge(spool.MaxFileBytes);
        }

        spool.Reserve(bytes.Length);
        var offset = _reserved;
        _reserved += bytes.Length;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            int head;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                head = content.AppendToHead(bytes.Span, offset);
            }

            if (head < bytes.Length)
            {
                content.AppendToFile(bytes.Span[head..], offset + head);
            }
        }
        catch (IOException e)
        {
            throw SpoolErrors.NotWritable(e);
        }

        _hash.AppendData(bytes.Span);
        lock (_gate)
        {
            _written = _reserved;
            Signal();
        }

        return ValueTask.CompletedTask;
    }

    public void Complete()
    {
        lock (_gate)
        {
            if (!_ended && !_closed)
            {
                _contentHash = new ContentHash(_hash.GetHashAndReset(), _written);
            }

            _ended = true;
            Interlocked.Exchange(ref _completedAt, TimeProvider.System.GetTimestamp());
            Signal();
        }
    }

    /// <summary>Waits for the upload's end.</summary>
    /// <exception cref="SpoolFailedException">The upload failed.</exception>
    public async Task<ContentHash> WaitForHashAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                ThrowIfFailed();
                if (_contentHash is { } hash)
                {
                    return hash;
                }

                changed = NextChange();
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Keeps the upload beyond the request that it came with, until the returned hold is disposed; null when it is gone already.</summary>
    public IDisposable? TryHold()
    {
        lock (_gate)
        {
            _holders += _closed ? 0 : 1;
            return _closed ? null : new SpoolHold(Release);
        }
    }

    /// <summary>Makes every reader throw <paramref name="failure"/>.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            Signal();
        }
    }

    public SpoolReader OpenReader() => new(this);

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            Release();
        }
    }

    /// <summary>Reads at <paramref name="offset"/>, waiting for the writer; 0 at the end.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            int available, read;
            lock (_gate)
            {
                ThrowIfFailed();
                available = (int)Math.Min(_written - offset, buffer.Length);
                if (available == 0 && _ended)
                {
                    return 0;
                }

                read = content.ReadHead(buffer.Span[..available], offset);
                changed = available > 0 ? Task.CompletedTask : NextChange();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (available > 0)
            {
                return read == available ? read : read + content.ReadFile(buffer.Span[read..available], offset + read);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            if (--_holders > 0)
            {
                return;
            }

            _closed = true;
            _hash.Dispose();
            _failure ??= new ObjectDisposedException(nameof(SpoolFile));
            Signal();
            content.DropHead();
        }

        content.Dispose();
        spool.Release(_reserved);
    }

    // Called with the lock held.
    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new SpoolFailedException(_failure);
        }
    }

    // Called with the lock held; continuations run elsewhere. Without a reader that waits there is nothing to make.
    private Task NextChange() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    // Called with the lock held.
    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}

/// <summary>
/// Thrown at a reader when the upload it follows failed; the cause is the inner exception. It ends the request whichever stage hears
/// of it first, and whoever takes the upload in tells the client the cause.
/// </summary>
internal sealed class SpoolFailedException(Exception cause) : Exception("The upload failed.", cause);

/// <summary>Keeps one upload.</summary>
internal sealed class SpoolHold(Action release) : IDisposable
{
    private bool _disposed;

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            release();
        }
    }
}
