using System.Buffers.Binary;
using System.Security.Cryptography;
using WhisperMesh.Router.Spool;

namespace WhisperMesh.Router.Cache;

/// <summary>Where a result stands: the same for the same bytes, parameters and servers, and only for one tenant.</summary>
/// <param name="Scope">The tenant's.</param>
/// <param name="Digest">SHA-256 over the rest, lower-case hexadecimal.</param>
internal readonly record struct CacheKey(string Scope, string Digest)
{
    // Another number for another way of making keys or results.
    private const byte Version = 1;

    public static CacheKey Of(string scope, ContentHash content, ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> servers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Version]);
        Append(hash, content.Sha256);
        Append(hash, parameters);
        Append(hash, servers);
        return new CacheKey(scope, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // With its length, so that no two parts run into each other.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
