using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WhisperMesh.ServiceDefaults.Trust;

namespace WhisperMesh.ServiceDefaults.Tests.Trust;

/// <summary>Issues certificates into a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-tls-").FullName;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test mesh", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(_now.AddDays(-1), _now.AddDays(1));
        File.WriteAllText(AuthorityPath, _root.ExportCertificatePem());
        Issue("first");
    }

    public string AuthorityPath => Path.Combine(_folder, "authority.pem");

    public string CertificatePath => Path.Combine(_folder, "certificate.pem");

    public string KeyPath => Path.Combine(_folder, "key.pem");

    /// <summary>Settings for a process that uses all three files, or those of <paramref name="trusted"/> to check others.</summary>
    public KeyValuePair<string, string?>[] Settings(TestAuthority? trusted = null) =>
    [
        new("Mesh:Tls:CertificatePath", CertificatePath),
        new("Mesh:Tls:KeyPath", KeyPath),
        new("Mesh:Tls:AuthorityPath", (trusted ?? this).AuthorityPath),
    ];

    /// <summary>Replaces certificate and key.</summary>
    public void Issue(string name, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var oids = new OidCollection();
        foreach (var usage in usages.Length > 0 ? usages : [KeyUsages.Server, KeyUsages.Client])
        {
            oids.Add(new Oid(usage));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, false));
        using var certificate = request.Create(
            _root, _now.AddHours(-1), _now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
