using System.CommandLine;

namespace WhisperMesh.Cli.Hosting;

/// <summary>The caller's key: the option, else the environment, else none.</summary>
internal static class ApiKeyOption
{
    internal const string EnvironmentVariable = "WHISPERMESH_API_KEY";

    internal static Option<string?> Create() => new("--api-key")
    {
        Description = $"The API key, for a mesh that asks for one. Better in {EnvironmentVariable}: other users of a machine can see command lines.",
        HelpName = "key",
    };

    internal static string? Resolve(string? option, CliHost host)
    {
        var text = option ?? host.Environment(EnvironmentVariable);
        return string.IsNullOrEmpty(text) ? null
            : text.All(character => character is > ' ' and <= '~') ? text
            : throw new UsageException("the API key has spaces or characters that no key has");
    }
}
