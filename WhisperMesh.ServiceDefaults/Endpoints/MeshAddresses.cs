using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>The addresses that this process really listens on, known once it has started.</summary>
public sealed class MeshAddresses
{
    // Kestrel writes the bound port into its ListenOptions, which tells the two apart where port 0 was asked for.
    private (ListenOptions? Options, string Scheme) _http;
    private (ListenOptions? Options, string Scheme) _grpc;
    private Uri? _announcedGrpc;

    /// <summary>HTTP/1.1, such as http://127.0.0.1:5080.</summary>
    public Uri Http => ToUri(_http);

    /// <summary>gRPC over HTTP/2, such as http://127.0.0.1:5081.</summary>
    public Uri Grpc => ToUri(_grpc);

    /// <summary>Where others reach the gRPC.</summary>
    public Uri AnnouncedGrpc => _announcedGrpc ?? Grpc;

    internal void Listening((ListenOptions Options, string Scheme) http, (ListenOptions Options, string Scheme) grpc, Uri? announcedGrpc) =>
        (_http, _grpc, _announcedGrpc) = (http, grpc, announcedGrpc);

    private static Uri ToUri((ListenOptions? Options, string Scheme) listen) => listen.Options?.IPEndPoint is { Port: > 0 } endPoint
        ? new Uri($"{listen.Scheme}://{endPoint}")
        : throw new InvalidOperationException("The service does not listen yet, or AddMeshEndpoints was not called.");
}
