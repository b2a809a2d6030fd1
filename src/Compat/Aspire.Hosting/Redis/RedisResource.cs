using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis-compatible server on this machine: redis-server, or Garnet where there is none. It keeps nothing on disk.</summary>
public class RedisResource(string name) : Resource(name), IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal const string EndpointName = "tcp";

    public EndpointReference PrimaryEndpoint => new(this, EndpointName);

    /// <summary>Made for this run. Hexadecimal needs no escape in any of the places that it goes to.</summary>
    internal string Password { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port},password={Password}");
}
