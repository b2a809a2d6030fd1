using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Router.Grpc;

/// <summary>Compresses replies where the operator asks for it, for clients that are far away.</summary>
internal static class ReplyCompression
{
    private const string Algorithm = "gzip";

    public static IServiceCollection AddReplyCompression(this IServiceCollection services)
    {
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<RouterOptions>>((grpc, router) =>
        {
            if (router.Value.CompressReplies)
            {
                grpc.ResponseCompressionAlgorithm = Algorithm;
                // Each message is compressed by itself while someone waits for it.
                grpc.ResponseCompressionLevel = CompressionLevel.Fastest;
            }
        });
        return services;
    }
}
