using System.Buffers;
using System.Net;
using WhisperMesh.Router.Spool;

namespace WhisperMesh.Router.Upstreams;

/// <summary>A spooled upload as the body of a request, read from disk while it is sent.</summary>
internal sealed class SpoolContent(SpoolFile file, UpstreamAudio audio) : HttpContent
{
    private const int ChunkBytes = 64 * 1024;

    protected override bool TryComputeLength(out long length)
    {
        length = audio.Header.Length + audio.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(audio.Header, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var reader = file.OpenReader();
            while (await reader.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancellationToken) is > 0 and var count)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
