using System.CommandLine;
using WhisperMesh.Client;

namespace WhisperMesh.Cli.Hosting;

/// <summary>Which server: the option, else the environment, else this machine.</summary>
internal static class ServerOption
{
    internal const string EnvironmentVariable = "WHISPERMESH_SERVER";

    internal static Option<string?> Create() => new("--server")
    {
        Description = $"The router's gRPC address, such as {WhisperMeshClient.DefaultAddress.GetLeftPart(UriPartial.Authority)}, "
            + $"which is the default unless {EnvironmentVariable} names another.",
        HelpName = "address",
    };

    /// <summary>The same for commands that can go on at another router.</summary>
    internal static Option<string[]> CreateRepeatable() => new("--server")
    {
        Description = "The router's gRPC address; given several times, the stream goes on at the next when one is lost. "
            + $"{WhisperMeshClient.DefaultAddress.GetLeftPart(UriPartial.Authority)} unless {EnvironmentVariable} names others, with commas between.",
        HelpName = "address",
    };

    internal static WhisperMeshClient CreateClient(string[]? options, string? apiKey, CliHost host)
    {
        var texts = options is { Length: > 0 } ? options
            : (host.Environment(EnvironmentVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IReadOnlyList<Uri> addresses = texts.Length == 0 ? [WhisperMeshClient.DefaultAddress] : [.. texts.Select(Parse)];
        return new WhisperMeshClient(addresses, apiKey: ApiKeyOption.Resolve(apiKey, host));
    }

    internal static WhisperMeshClient CreateClient(string? option, string? apiKey, CliHost host) =>
        new(Resolve(option, host), apiKey: ApiKeyOption.Resolve(apiKey, host));

    private static Uri Resolve(string? option, CliHost host)
    {
        var text = option ?? host.Environment(EnvironmentVariable);
        return string.IsNullOrWhiteSpace(text) ? WhisperMeshClient.DefaultAddress : Parse(text);
    }

    internal static Uri Parse(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0
            ? address
            : throw new UsageException($"'{text}' is not a server address; write it as http://host:port");
    }
}
