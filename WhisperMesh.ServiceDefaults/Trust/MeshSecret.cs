using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>The mesh's secret, as keys for its several uses; what is known of one key says nothing of another.</summary>
internal sealed class MeshSecret
{
    private readonly byte[]? _secret;

    public MeshSecret(IOptions<MeshOptions> options)
    {
        _secret = Read(options.Value) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        LeaseKey = Derive("whispermesh lease v1");
        CallKey = Derive("whispermesh call v1");
    }

    /// <summary>Seals workers' leases; null without a secret.</summary>
    public byte[]? LeaseKey { get; }

    /// <summary>Signs calls from routers to workers; null without a secret.</summary>
    public byte[]? CallKey { get; }

    /// <summary>The text of the secret, or null where none is set.</summary>
    public static string? Read(MeshOptions options) => string.IsNullOrEmpty(options.SecretFile)
        ? string.IsNullOrEmpty(options.Secret) ? null : options.Secret
        : File.ReadAllText(options.SecretFile).Trim();

    private byte[]? Derive(string purpose) =>
        _secret is null ? null : HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, 32, info: Encoding.UTF8.GetBytes(purpose));
}
