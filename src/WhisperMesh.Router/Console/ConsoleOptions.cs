using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Console;

/// <summary>Settings of the console, section <c>Console</c>.</summary>
internal sealed class ConsoleOptions
{
    public const string SectionName = "Console";

    /// <summary>Where the dashboard of traces is, such as <c>http://localhost:18888</c>: pages of requests link to it. Unset: they don't.</summary>
    public string? DashboardUrl { get; set; }
}

internal sealed class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsoleOptions options) =>
        string.IsNullOrEmpty(options.DashboardUrl)
        || (Uri.TryCreate(options.DashboardUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Console:DashboardUrl must be an address that begins with http:// or https://.");
}
