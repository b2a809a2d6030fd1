using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Trust;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>On loopback the mesh is open. What listens beyond it, or uses a Redis beyond it, must be closed first.</summary>
internal sealed class ExposureValidator(IConfiguration configuration, IEnumerable<IExposureRule> rules) : IValidateOptions<EndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        var redis = ReadRedis();
        var listens = IPAddress.TryParse(options.Address, out var address) && !IPAddress.IsLoopback(address);
        var redisOutside = redis is not null && !redis.EndPoints.All(IsLoopback);
        if (!listens && !redisOutside)
        {
            return ValidateOptionsResult.Success;
        }

        var why = listens ? $"This service listens on {address}, beyond loopback" : "Redis is beyond loopback";
        var errors = new List<string>();
        if (!HasSecretOrTls())
        {
            errors.Add($"Mesh:Secret: {why}, so router and workers need a secret (Mesh:Secret or Mesh:SecretFile) or certificates (Mesh:Tls).");
        }

        if (redis is { Password: null or "" })
        {
            errors.Add($"ConnectionStrings:redis: {why}, so Redis needs a password (\"host:6379,password=...\").");
        }

        if (listens)
        {
            errors.AddRange(rules.Select(rule => rule.WhatIsMissing).OfType<string>().Select(missing => $"{missing} {why}."));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsLoopback(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint dns => dns.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase),
        _ => true,
    };

    // Whether they are good is checked by others, which report beside this.
    private bool HasSecretOrTls()
    {
        var mesh = configuration.GetSection(MeshOptions.SectionName);
        return !string.IsNullOrEmpty(mesh[nameof(MeshOptions.Secret)])
            || !string.IsNullOrEmpty(mesh[nameof(MeshOptions.SecretFile)])
            || !string.IsNullOrEmpty(mesh[$"{nameof(MeshOptions.Tls)}:{nameof(MeshTlsOptions.CertificatePath)}"]);
    }

    private ConfigurationOptions? ReadRedis()
    {
        try
        {
            return configuration.GetConnectionString(RedisLink.ConnectionName) is { Length: > 0 } text ? ConfigurationOptions.Parse(text) : null;
        }
        catch (ArgumentException)
        {
            // RedisStartupCheck tells of it.
            return null;
        }
    }
}
