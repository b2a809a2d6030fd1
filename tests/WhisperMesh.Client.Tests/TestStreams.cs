namespace WhisperMesh.Client.Tests;

/// <summary>Gives zeros for ever, and says when its reader has stopped asking.</summary>
internal sealed class EndlessStream : ReadOnlyStream
{
    private readonly TaskCompletionSource _goal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _given;
    private long _goalBytes = long.MaxValue;

    /// <summary>Completes when as much has been read.</summary>
    internal Task HasGiven(long bytes)
    {
        Interlocked.Exchange(ref _goalBytes, bytes);
        return _goal.Task;
    }

    /// <summary>Completes when a quarter of a second has gone by without a read.</summary>
    internal Task Stalled => WatchAsync();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        buffer.Span.Clear();
        if (Interlocked.Add(ref _given, buffer.Length) >= Interlocked.Read(ref _goalBytes))
        {
            _goal.TrySetResult();
        }

        return ValueTask.FromResult(buffer.Length);
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        var before = -1L;
        while (Interlocked.Read(ref _given) is var now && (now == 0 || now != before))
        {
            before = now;
            await timer.WaitForNextTickAsync();
        }
    }
}

/// <summary>Fails at the second read.</summary>
internal sealed class BrokenStream : ReadOnlyStream
{
    private bool _read;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read)
        {
            throw new IOException("the disk is gone");
        }

        _read = true;
        return ValueTask.FromResult(buffer.Length);
    }
}

internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
