using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>The addresses that this process really listens on, known once it has started.</summary>
public sealed class MeshAddresses
{
    // Kestrel writes the bound port into its ListenOptions, which tells the two apart where port 0 was asked for.
    private ListenOptions? _http;
    private ListenOptions? _grpc;

    /// <summary>HTTP/1.1, such as http://127.0.0.1:5080.</summary>
    public Uri Http => ToUri(_http);

    /// <summary>gRPC over HTTP/2 without TLS, such as http://127.0.0.1:5081.</summary>
    public Uri Grpc => ToUri(_grpc);

    internal void Listening(ListenOptions http, ListenOptions grpc) => (_http, _grpc) = (http, grpc);

    private static Uri ToUri(ListenOptions? options) => options?.IPEndPoint is { Port: > 0 } endPoint
        ? new Uri($"http://{endPoint}")
        : throw new InvalidOperationException("The service does not listen yet, or AddMeshEndpoints was not called.");
}
