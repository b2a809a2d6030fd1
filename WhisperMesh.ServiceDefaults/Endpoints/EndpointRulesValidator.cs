using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.ServiceDefaults.Endpoints;

internal sealed class EndpointRulesValidator(IServiceProviderIsService services) : IValidateOptions<EndpointOptions>
{
    private bool IsWorker => services.IsService(typeof(WorkerIdentity));

    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Address, out var address))
        {
            errors.Add($"Endpoints:Address: '{options.Address}' is not an IP address.");
        }

        if (options.HttpPort != 0 && options.HttpPort == options.GrpcPort)
        {
            errors.Add($"Endpoints:GrpcPort: {options.GrpcPort} is also Endpoints:HttpPort; they must differ.");
        }

        CheckAnnounced(options.AnnouncedGrpcAddress, address, errors);
        CheckCertificate(options, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private void CheckAnnounced(Uri? announced, IPAddress? address, List<string> errors)
    {
        if (announced is null)
        {
            if (IsWorker && address is not null && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            {
                errors.Add($"Endpoints:AnnouncedGrpcAddress: routers can't call {address}; say where they reach this worker.");
            }
        }
        else if (!IsWorker)
        {
            errors.Add("Endpoints:AnnouncedGrpcAddress: only workers are announced.");
        }
        else if (!announced.IsAbsoluteUri || announced.Scheme is not ("http" or "https") || announced.PathAndQuery != "/")
        {
            errors.Add($"Endpoints:AnnouncedGrpcAddress: '{announced}' is not an address such as http://10.0.0.7:5081.");
        }
    }

    private static void CheckCertificate(EndpointOptions options, List<string> errors)
    {
        if (string.IsNullOrEmpty(options.CertificatePath) != string.IsNullOrEmpty(options.KeyPath))
        {
            errors.Add("Endpoints:CertificatePath: it goes together with Endpoints:KeyPath; set both.");
        }
        else if (!string.IsNullOrEmpty(options.CertificatePath))
        {
            MeshOptionsValidator.Check(
                "Endpoints:CertificatePath",
                () => CertificateFile.Load(options.CertificatePath, options.KeyPath!).Dispose(),
                errors);
        }
    }
}
