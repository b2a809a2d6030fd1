using Microsoft.Extensions.Configuration;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.ServiceDefaults.Discovery;

internal sealed class RedisStartupCheck(IConfiguration configuration) : IStartupTask
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString(RedisLink.ConnectionName) is { Length: > 0 } text)
        {
            try
            {
                if (ConfigurationOptions.Parse(text).EndPoints.Count == 0)
                {
                    throw new StartupException("ConnectionStrings:redis names no host.");
                }
            }
            catch (ArgumentException exception)
            {
                // Its message quotes the option at fault, never the password's value.
                throw new StartupException($"ConnectionStrings:redis: {exception.Message}");
            }
        }

        return Task.CompletedTask;
    }
}
