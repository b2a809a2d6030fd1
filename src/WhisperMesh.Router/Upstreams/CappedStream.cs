using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>An upstream's answer, of which no more than a limit is read. What breaks it is an upstream's failure.</summary>
internal sealed class CappedStream(UpstreamSettings upstream, Stream inner, long limit) : Stream
{
    private long _rest = limit;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw UpstreamErrors.Died(upstream, "broke off in the middle of its answer", e);
        }

        _rest -= count;
        return _rest >= 0 ? count : throw UpstreamErrors.Died(upstream, "answered with more bytes than are read");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
