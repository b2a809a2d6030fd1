using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>Where a service listens.</summary>
public sealed class EndpointOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Endpoints";

    /// <summary>IP address to listen on. Anything but loopback needs keys, secrets and passwords, and says which.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for HTTP: health and, on the router, the API. 0 takes any free one.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; }

    /// <summary>Port for gRPC. 0 takes any free one.</summary>
    [Range(0, 65535)]
    public int GrpcPort { get; set; }

    /// <summary>
    /// Where routers reach a worker's gRPC, such as http://10.0.0.7:5081, where that is not where it listens: it listens on all
    /// addresses, or behind a proxy.
    /// </summary>
    public Uri? AnnouncedGrpcAddress { get; set; }

    /// <summary>Certificate for TLS towards clients, PEM; read again when it changes.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>Its private key, PEM.</summary>
    public string? KeyPath { get; set; }
}

[OptionsValidator]
internal sealed partial class EndpointOptionsValidator : IValidateOptions<EndpointOptions>;
