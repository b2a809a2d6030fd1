using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>
/// TLS between routers and workers, both ways. Who holds a certificate of the mesh's own authority belongs to it; names in
/// certificates are not looked at, since workers come and go under addresses that nobody issues certificates for.
/// </summary>
internal sealed partial class MeshCertificates
{
    private readonly ReloadingFiles<X509Certificate2>? _own;
    private readonly ReloadingFiles<X509Certificate2Collection>? _authority;

    public MeshCertificates(IOptions<MeshOptions> options, ILogger<MeshCertificates> logger)
    {
        var tls = options.Value.Tls;
        if (!tls.IsSet)
        {
            return;
        }

        var (certificate, key, authority) = (tls.CertificatePath!, tls.KeyPath!, tls.AuthorityPath!);
        _own = new(() => CertificateFile.Load(certificate, key), e => LogNotReloaded(logger, certificate, e.Message), certificate, key);
        _authority = new(() => CertificateFile.LoadAuthority(authority), e => LogNotReloaded(logger, authority, e.Message), authority);
    }

    public bool AreSet => _own is not null;

    /// <summary>This process's certificate.</summary>
    public X509Certificate2 Own => _own!.Current;

    /// <summary>How a router connects.</summary>
    public SslClientAuthenticationOptions ForClient() => new()
    {
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Own,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => Accepts(certificate, KeyUsages.Server),
    };

    /// <summary>Whether the mesh's authority has issued the certificate for this use, and it is in force.</summary>
    public bool Accepts(X509Certificate? certificate, string usage)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority!.Current);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(usage));
        return chain.Build(certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }

    [LoggerMessage(EventId = 280, Level = LogLevel.Warning, Message = "{Path} has changed and can't be read; the old one stays: {Reason}")]
    private static partial void LogNotReloaded(ILogger logger, string path, string reason);
}

/// <summary>What a certificate may be used for.</summary>
internal static class KeyUsages
{
    public const string Server = "1.3.6.1.5.5.7.3.1";
    public const string Client = "1.3.6.1.5.5.7.3.2";
}
