using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>Where a service listens.</summary>
public sealed class EndpointOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Endpoints";

    /// <summary>IP address to listen on. Only loopback for now: nothing authenticates callers yet.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for HTTP/1.1: health and, on the router, the API. 0 takes any free one.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; }

    /// <summary>Port for gRPC, HTTP/2 without TLS. 0 takes any free one.</summary>
    [Range(0, 65535)]
    public int GrpcPort { get; set; }
}

[OptionsValidator]
internal sealed partial class EndpointOptionsValidator : IValidateOptions<EndpointOptions>;

internal sealed class EndpointRulesValidator : IValidateOptions<EndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Address, out var address))
        {
            errors.Add($"Endpoints:Address: '{options.Address}' is not an IP address.");
        }
        else if (!IPAddress.IsLoopback(address))
        {
            errors.Add($"Endpoints:Address: {address} is not a loopback address. The mesh has no API keys and no secret " +
                "between router and workers yet, so it listens on loopback only.");
        }

        if (options.HttpPort != 0 && options.HttpPort == options.GrpcPort)
        {
            errors.Add($"Endpoints:GrpcPort: {options.GrpcPort} is also Endpoints:HttpPort; they must differ.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
