namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>A kind of program between client and worker.</summary>
internal interface IProxy
{
    string Name { get; }

    /// <summary>Whether it is installed here.</summary>
    bool IsPresent { get; }

    /// <summary>What callers must show to the one that was started last; null: nothing.</summary>
    string? Key => null;

    /// <summary>Starts it in front of a worker.</summary>
    /// <param name="setup">Where the worker is.</param>
    /// <param name="port">Where it shall listen.</param>
    /// <param name="core">Core that it is bound to; null: any.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    Task<ProxyProcess> StartAsync(GatewaySetup setup, int port, int? core, CancellationToken cancellationToken);
}
