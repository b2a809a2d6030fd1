using System.Diagnostics;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>Redis and the worker that every proxy stands before.</summary>
internal sealed class GatewaySetup : IAsyncDisposable
{
    public const string MeshSecret = "benchmarks-only-benchmarks-only-benchmarks-only";

    private readonly RedisServer _redis;

    private GatewaySetup(RedisServer redis, StandInWorker worker, string folder) => (_redis, Worker, Folder) = (redis, worker, folder);

    public StandInWorker Worker { get; }

    public string Redis => _redis.ConnectionString;

    /// <summary>For configuration files and spools; removed at the end.</summary>
    public string Folder { get; }

    /// <param name="core">Core that this process, which is client and worker, is bound to; null: any.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<GatewaySetup> StartAsync(int? core, CancellationToken cancellationToken)
    {
        if (core is { } one && OperatingSystem.IsLinux())
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = 1 << one;
        }

        var redis = await RedisServer.StartNewAsync(cancellationToken);
        var worker = await StandInWorker.StartAsync(redis.ConnectionString, cancellationToken);
        return new GatewaySetup(redis, worker, Directory.CreateTempSubdirectory("whispermesh-gateway-").FullName);
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await _redis.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        if (OperatingSystem.IsLinux())
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = (nint)((1L << Environment.ProcessorCount) - 1);
        }
    }
}
