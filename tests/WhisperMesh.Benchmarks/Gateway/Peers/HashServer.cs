using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>What a cache hit is held against: a server that takes the upload, hashes it and answers with the hash, and no more.</summary>
internal static class HashServer
{
    public const string Command = "hash-peer";

    private const int BufferBytes = 64 * 1024;

    public static Task<ProxyProcess> StartAsync(int port, int? core, CancellationToken cancellationToken) => ProxyProcess.StartAsync(
        new ProcessStartInfo("dotnet", [typeof(HashServer).Assembly.Location, Command, $"{port}"]),
        port, core, static () => { }, cancellationToken);

    /// <summary>Serves until it is killed.</summary>
    public static async Task<int> ServeAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(HashAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task HashAsync(HttpContext context)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(context.Request.ContentType).Boundary).ToString();
        var parts = new MultipartReader(boundary, context.Request.Body, BufferBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        while (await parts.ReadNextSectionAsync(context.RequestAborted) is { } part)
        {
            while (await part.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
            {
                hash.AppendData(buffer.AsSpan(0, count));
            }
        }

        await context.Response.WriteAsync(Convert.ToHexStringLower(hash.GetHashAndReset()), context.RequestAborted);
    }
}
