using System.Diagnostics;

namespace WhisperMesh.Audio.Ffmpeg;

/// <summary>Reads a stream and bounds the time spent waiting for it, over all reads; the reader's own time does not count.</summary>
internal sealed class TimedStream(Stream inner, TimeSpan bound, AudioDecodeReport report) : Stream
{
    private TimeSpan _used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_used < bound ? bound - _used : TimeSpan.Zero);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await inner.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AudioException(AudioErrorReason.TimedOut, $"Reading the audio took longer than the limit of {bound:c}.");
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            _used += elapsed;
            report.DecodeTime += elapsed;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
