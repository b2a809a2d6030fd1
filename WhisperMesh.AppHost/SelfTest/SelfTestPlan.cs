using Aspire.Hosting.ApplicationModel;

namespace WhisperMesh.AppHost.SelfTest;

/// <summary>What the self-test works with.</summary>
internal sealed record SelfTestPlan
{
    /// <summary>The names of the resources that must be healthy first.</summary>
    public required IReadOnlyList<string> Needed { get; init; }

    /// <summary>The router's HTTP API.</summary>
    public required EndpointReference Http { get; init; }

    /// <summary>The router's gRPC API.</summary>
    public required EndpointReference Grpc { get; init; }

    /// <summary>Key with which keys are made, where the router asks for them; null: none is known.</summary>
    public string? AdminKey { get; init; }

    /// <summary>The dashboard's page, known once it has a port.</summary>
    public required Func<string?> DashboardUrl { get; init; }

    /// <summary>A bundled recording, for the line to try.</summary>
    public required string Recording { get; init; }

    /// <summary>Ends the AppHost with the self-test's result.</summary>
    public required bool ExitAfterwards { get; init; }

    /// <summary>Where the result goes.</summary>
    public TextWriter Output { get; init; } = Console.Out;
}
