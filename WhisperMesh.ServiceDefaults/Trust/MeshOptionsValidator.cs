using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Trust;

internal sealed class MeshOptionsValidator : IValidateOptions<MeshOptions>
{
    public ValidateOptionsResult Validate(string? name, MeshOptions options)
    {
        var errors = new List<string>();
        CheckSecret(options, errors);
        CheckTls(options.Tls, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckSecret(MeshOptions options, List<string> errors)
    {
        if (!string.IsNullOrEmpty(options.Secret) && !string.IsNullOrEmpty(options.SecretFile))
        {
            errors.Add("Mesh:SecretFile: Mesh:Secret is set too; only one of them can be.");
            return;
        }

        try
        {
            if (MeshSecret.Read(options) is { } secret && Encoding.UTF8.GetByteCount(secret) < MeshOptions.MinimumSecretBytes)
            {
                var key = string.IsNullOrEmpty(options.SecretFile) ? "Mesh:Secret" : "Mesh:SecretFile";
                errors.Add($"{key}: a secret has at least {MeshOptions.MinimumSecretBytes} bytes; `openssl rand -hex 32` makes one.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"Mesh:SecretFile: {exception.Message}");
        }
    }

    private static void CheckTls(MeshTlsOptions tls, List<string> errors)
    {
        string?[] paths = [tls.CertificatePath, tls.KeyPath, tls.AuthorityPath];
        if (paths.All(string.IsNullOrEmpty))
        {
            return;
        }

        if (paths.Any(string.IsNullOrEmpty))
        {
            errors.Add("Mesh:Tls: CertificatePath, KeyPath and AuthorityPath go together; set all three.");
            return;
        }

        Check("Mesh:Tls:CertificatePath", () => CertificateFile.Load(tls.CertificatePath!, tls.KeyPath!).Dispose(), errors);
        Check("Mesh:Tls:AuthorityPath", () => CertificateFile.LoadAuthority(tls.AuthorityPath!), errors);
    }

    internal static void Check(string key, Action load, List<string> errors)
    {
        try
        {
            load();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            errors.Add($"{key}: {exception.Message}");
        }
    }
}
