using System.Net;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Endpoints;

namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>Settings of API keys, section <c>Router:Keys</c>.</summary>
internal sealed class KeyOptions
{
    public const string SectionName = "Router:Keys";

    /// <summary>Whether callers must show a key. Unset: exactly when the router listens on more than loopback.</summary>
    public bool? Required { get; set; }

    /// <summary>Key that may make the first keys, at least 32 characters; from the environment. Unset: none.</summary>
    public string? BootstrapAdminKey { get; set; }

    /// <summary>What holds for a router that listens there.</summary>
    public bool AreRequired(EndpointOptions endpoints) =>
        Required ?? !(IPAddress.TryParse(endpoints.Address, out var address) && IPAddress.IsLoopback(address));
}

internal sealed class KeyOptionsValidator : IValidateOptions<KeyOptions>
{
    private const int MinLength = 32;

    public ValidateOptionsResult Validate(string? name, KeyOptions options) => options.BootstrapAdminKey switch
    {
        null => ValidateOptionsResult.Success,
        { Length: < MinLength } => ValidateOptionsResult.Fail(
            $"Router:Keys:BootstrapAdminKey has fewer than {MinLength} characters. `openssl rand -hex 32` makes a good one."),
        var key when key.Any(character => character is <= ' ' or > '~') => ValidateOptionsResult.Fail(
            "Router:Keys:BootstrapAdminKey has spaces or characters other than printable ASCII, which no header carries."),
        var key when key.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) => ValidateOptionsResult.Fail(
            $"Router:Keys:BootstrapAdminKey begins with {ApiKey.Prefix}, as only keys that the router made do."),
        _ => ValidateOptionsResult.Success,
    };
}
