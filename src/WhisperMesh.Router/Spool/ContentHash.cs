namespace WhisperMesh.Router.Spool;

/// <summary>What a complete upload holds: two of the same bytes are equal, whatever their names.</summary>
internal sealed class ContentHash(ReadOnlySpan<byte> sha256, long length) : IEquatable<ContentHash>
{
    private readonly byte[] _sha256 = sha256.ToArray();

    /// <summary>SHA-256 of the bytes.</summary>
    public ReadOnlySpan<byte> Sha256 => _sha256;

    /// <summary>Number of bytes.</summary>
    public long Length { get; } = length;

    public bool Equals(ContentHash? other) => other is not null && Length == other.Length && Sha256.SequenceEqual(other.Sha256);

    public override bool Equals(object? obj) => Equals(obj as ContentHash);

    public override int GetHashCode() => BitConverter.ToInt32(_sha256);

    /// <summary>The SHA-256 in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(_sha256);
}
