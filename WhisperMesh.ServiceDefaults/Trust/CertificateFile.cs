using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>Reads certificates from PEM files.</summary>
internal static class CertificateFile
{
    public static X509Certificate2 Load(string certificatePath, string keyPath)
    {
        using var pem = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        // Windows can't use a key for TLS that has been in memory only, so it goes through PKCS#12 everywhere.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    public static X509Certificate2Collection LoadAuthority(string path)
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(path);
        return authority.Count > 0 ? authority : throw new CryptographicException($"{path} holds no certificate.");
    }
}
