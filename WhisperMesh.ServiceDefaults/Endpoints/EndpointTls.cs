using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>
/// Which of the two ports speak TLS, and with whom. Towards clients with <c>Endpoints:CertificatePath</c>; a worker's gRPC with
/// <c>Mesh:Tls</c>, which admits only who has a certificate of the mesh.
/// </summary>
internal sealed partial class EndpointTls(
    IOptions<EndpointOptions> options,
    IOptions<MeshOptions> mesh,
    IServiceProvider services,
    IServiceProviderIsService registered,
    ILogger<EndpointTls> logger)
{
    private ReloadingFiles<X509Certificate2>? _certificate;
    private MeshCertificates? _mesh;

    public string HttpScheme => _certificate is null ? "http" : "https";

    public string GrpcScheme => _certificate is null && _mesh is null ? "http" : "https";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">They are wrong.</exception>
    public void Prepare()
    {
        if (options.Value is { CertificatePath: { Length: > 0 } path, KeyPath: { Length: > 0 } key })
        {
            _certificate = new(() => CertificateFile.Load(path, key), e => LogNotReloaded(logger, path, e.Message), path, key);
        }

        if (mesh.Value.Tls.IsSet && registered.IsService(typeof(WorkerIdentity)))
        {
            _mesh = services.GetRequiredService<MeshCertificates>();
        }
    }

    public void ApplyToHttp(ListenOptions listen)
    {
        // Only TLS can say which protocol a connection speaks.
        listen.Protocols = _certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        Apply(listen);
    }

    public void ApplyToGrpc(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        if (_mesh is { } certificates)
        {
            listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificates.Own;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => certificates.Accepts(certificate, KeyUsages.Client);
            });
        }
        else
        {
            Apply(listen);
        }
    }

    private void Apply(ListenOptions listen)
    {
        if (_certificate is { } certificate)
        {
            listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
        }
    }

    [LoggerMessage(EventId = 283, Level = LogLevel.Warning, Message = "{Path} has changed and can't be read; the old one stays: {Reason}")]
    private static partial void LogNotReloaded(ILogger logger, string path, string reason);
}
