using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Redis;

/// <summary>Healthy is what answers PING after AUTH.</summary>
internal sealed record RedisProbeAnnotation(RedisResource Redis) : IProbeAnnotation
{
    public async Task ProbeAsync(ResourceInstance instance, HttpClient http, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(ResourceInstance.Host, instance.PortOf(RedisResource.EndpointName), cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {Redis.Password}\r\nPING\r\n"), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await ExpectAsync(reader, "+OK", cancellationToken);
        await ExpectAsync(reader, "+PONG", cancellationToken);
    }

    private static async Task ExpectAsync(StreamReader reader, string expected, CancellationToken cancellationToken)
    {
        var answer = await reader.ReadLineAsync(cancellationToken);
        if (answer != expected)
        {
            throw new IOException($"Redis answers '{answer}' instead of '{expected}'");
        }
    }
}
