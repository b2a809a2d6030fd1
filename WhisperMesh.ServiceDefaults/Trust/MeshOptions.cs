namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>What router and workers know each other by. Needed as soon as anything listens beyond loopback.</summary>
public sealed class MeshOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Mesh";

    /// <summary>Fewest bytes of a secret.</summary>
    public const int MinimumSecretBytes = 32;

    /// <summary>Secret that all routers and workers of a mesh share, at least 32 bytes long.</summary>
    public string? Secret { get; set; }

    /// <summary>File that holds the secret, instead of <see cref="Secret"/>; white space around it is left out.</summary>
    public string? SecretFile { get; set; }

    /// <summary>Certificates for TLS between routers and workers, both ways.</summary>
    public MeshTlsOptions Tls { get; set; } = new();
}

/// <summary>Section <c>Mesh:Tls</c>: all three or none. The files are read again when they change.</summary>
public sealed class MeshTlsOptions
{
    /// <summary>This process's certificate, PEM.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>Its private key, PEM.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Certificates of the authority that signs those of the mesh, PEM. No other authority is trusted.</summary>
    public string? AuthorityPath { get; set; }

    internal bool IsSet => !string.IsNullOrEmpty(CertificatePath);
}
