using System.IO.Compression;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads a request's body up to a limit, which also holds for what it unpacks to.</summary>
internal static class OtlpBody
{
    /// <summary>Returns null where it is larger.</summary>
    /// <exception cref="InvalidDataException">It is said to be packed but isn't, or not whole.</exception>
    public static async Task<MemoryStream?> ReadAsync(Stream body, bool packed, int maxBytes, CancellationToken cancellationToken)
    {
        await using var unpacked = packed ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true) : body;
        var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await unpacked.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + count > maxBytes)
            {
                return null;
            }

            content.Write(buffer, 0, count);
        }

        content.Position = 0;
        return content;
    }
}
