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

        // As arrays of strings: Garnet does not take the inline form that a terminal would send.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Command("AUTH", Redis.Password) + Command("PING")), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await ExpectAsync(reader, "+OK", cancellationToken);
        await ExpectAsync(reader, "+PONG", cancellationToken);
    }

    private static string Command(params string[] parts) =>
        $"*{parts.Length}\r\n" + string.Concat(parts.Select(part => $"${part.Length}\r\n{part}\r\n"));

    private static async Task ExpectAsync(StreamReader reader, string expected, CancellationToken cancellationToken)
    {
        var answer = await reader.ReadLineAsync(cancellationToken);
        if (answer != expected)
        {
            throw new IOException($"Redis answers '{answer}' instead of '{expected}'");
        }
    }
}
