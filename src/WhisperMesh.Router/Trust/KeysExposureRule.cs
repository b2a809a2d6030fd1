using WhisperMesh.ServiceDefaults.Endpoints;

namespace WhisperMesh.Router.Trust;

/// <summary>Clients beyond loopback need API keys.</summary>
internal sealed class KeysExposureRule(IConfiguration configuration) : IExposureRule
{
    private const string Setting = "Router:Keys:Required";

    public string? WhatIsMissing =>
        bool.TryParse(configuration[Setting], out var required) && !required
            ? $"{Setting}: it is false, but clients need API keys."
            : null;
}
