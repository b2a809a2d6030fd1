using System.Text.Json.Serialization;

namespace Aspire.Hosting.ResourceService;

/// <summary>What the AppHost and the dashboard agree on. HTTP on loopback; what flows is one JSON object a line.</summary>
internal static class ResourceProtocol
{
    /// <summary>The header with the key that the AppHost made for this run.</summary>
    public const string KeyHeader = "x-resource-service-api-key";

    /// <summary>Where the service is, in the dashboard's environment.</summary>
    public const string AddressVariable = "DOTNET_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>The key, in the dashboard's configuration.</summary>
    public const string KeySetting = "Dashboard:ResourceServiceClient:ApiKey";

    /// <summary>GET: every instance as <see cref="ResourceMessage"/>, then each change.</summary>
    public const string ResourcesPath = "/v1/resources";

    /// <summary>GET: the last lines of an instance as <see cref="ConsoleLine"/>, then each new one; <c>from</c> is the first number wanted.</summary>
    public static string ConsolePath(string id) => $"{ResourcesPath}/{Uri.EscapeDataString(id)}/console";

    /// <summary>POST: does one of <see cref="ResourceCommands"/>; refused with 409 and the reason.</summary>
    public static string CommandPath(string id, string command) => $"{ResourcesPath}/{Uri.EscapeDataString(id)}/{command}";
}

/// <summary>What can be asked of an instance.</summary>
internal static class ResourceCommands
{
    public const string Start = "start";
    public const string Stop = "stop";
    public const string Restart = "restart";
}

/// <summary>One instance as it is now.</summary>
internal sealed record ResourceMessage(string Id, string Name, string Type, string State)
{
    /// <summary>Healthy or Unhealthy; null while it does not run.</summary>
    public string? Health { get; init; }

    /// <summary>What the last probe found wrong.</summary>
    public string? Problem { get; init; }

    public int? ExitCode { get; init; }

    public int? ProcessId { get; init; }

    /// <summary>How often it was started again, by itself or on demand.</summary>
    public int Restarts { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Stopped { get; init; }

    public IReadOnlyList<ResourceEndpoint> Endpoints { get; init; } = [];

    public IReadOnlyList<ResourceVariable> Environment { get; init; } = [];

    /// <summary>Which of <see cref="ResourceCommands"/> make sense now.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}

internal sealed record ResourceEndpoint(string Name, string Url);

/// <summary>A variable of the process's environment; a secret's value never leaves the AppHost.</summary>
internal sealed record ResourceVariable(string Name, string Value, bool IsMasked);

/// <summary>A line that the process wrote, or that the orchestrator says of it.</summary>
internal sealed record ConsoleLine(long Number, DateTimeOffset Time, ConsoleSource Source, string Text);

internal enum ConsoleSource
{
    Output,
    Error,
    Orchestrator,
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ResourceMessage))]
[JsonSerializable(typeof(ConsoleLine))]
internal sealed partial class ResourceJson : JsonSerializerContext;
