using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>A router or a worker on ports of its own, with a folder of its own for temporary files.</summary>
internal sealed class MeshService : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private MeshService(ServiceProcess process, int httpPort, int grpcPort, string temporaryFolder)
    {
        Process = process;
        Http = new Uri($"http://127.0.0.1:{httpPort}");
        Grpc = new Uri($"http://127.0.0.1:{grpcPort}");
        TemporaryFolder = temporaryFolder;
    }

    internal ServiceProcess Process { get; }

    internal Uri Http { get; }

    internal Uri Grpc { get; }

    internal string TemporaryFolder { get; }

    /// <param name="name">Name in logs and telemetry.</param>
    /// <param name="project">Project of the program.</param>
    /// <param name="environment">Variables that it gets beside those of the tests.</param>
    /// <param name="launcher">Command that starts the program, which is appended to it.</param>
    internal static MeshService Start(
        string name, string project, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string>? launcher = null)
    {
        var (httpPort, grpcPort) = (FreePorts.Next(), FreePorts.Next());
        var folder = Directory.CreateTempSubdirectory($"whispermesh-it-{name}-").FullName;
        var all = new Dictionary<string, string>(environment)
        {
            ["Endpoints__HttpPort"] = $"{httpPort}",
            ["Endpoints__GrpcPort"] = $"{grpcPort}",
            ["OTEL_SERVICE_NAME"] = $"whispermesh-{name}",
            ["TMPDIR"] = folder,
        };
        return new MeshService(ServiceProcess.StartBy(launcher ?? [], name, Repository.Program(project), all), httpPort, grpcPort, folder);
    }

    internal async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Http, "/health"), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            // Not there yet, or too busy to answer.
            return false;
        }
    }

    internal Task WaitUntilHealthyAsync() => Eventually.HoldsAsync(
        async () => Process.HasExited ? throw await Process.EndedAsync() : await IsHealthyAsync(),
        StartBound,
        () => $"{Process.Name} is not healthy:\n{Process.Log}");

    /// <summary>
    /// Files that it left in its temporary folder, but for those of .NET itself. A file <c>.ses</c> would mean that ONNX Runtime's
    /// telemetry is on.
    /// </summary>
    internal IReadOnlyList<string> TemporaryFiles() =>
    [
        .. Directory.EnumerateFiles(TemporaryFolder, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith("dotnet-diagnostic", StringComparison.Ordinal)
                && !Path.GetFileName(path).StartsWith("clr-debug", StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
        Directory.Delete(TemporaryFolder, recursive: true);
    }
}
