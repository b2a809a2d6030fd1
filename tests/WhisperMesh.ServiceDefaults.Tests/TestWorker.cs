using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests;

/// <summary>A worker and a directory in one real process-like host, on free ports.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private TestWorker(WebApplication app) => App = app;

    public WebApplication App { get; }

    public MeshAddresses Addresses => App.Services.GetRequiredService<MeshAddresses>();

    public WorkerGate Gate => App.Services.GetRequiredService<WorkerGate>();

    public LiveGate LiveGate => App.Services.GetRequiredService<LiveGate>();

    public IWorkerDirectory Directory => App.Services.GetRequiredService<IWorkerDirectory>();

    public static async Task<TestWorker> StartAsync(
        string? redis,
        CancellationToken cancellationToken,
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", redis), .. settings ?? new Dictionary<string, string?>()]);
        builder.AddServiceDefaults("test");
        builder.AddMeshEndpoints();
        builder.AddWorkerLease("test", _ => new WorkerCapabilities { ConcurrentRequestLimit = 1, QueueLimit = 1, LiveStreamLimit = 2, Device = "cpu" });
        builder.AddWorkerDirectory();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<WorkerGrpcService>();
        map?.Invoke(app);
        await MeshHost.StartAsync(app, cancellationToken);
        return new TestWorker(app);
    }

    /// <summary>Waits until the directory's snapshot satisfies a condition.</summary>
    public async Task<IReadOnlyList<WorkerLease>> WaitForAsync(
        Func<IReadOnlyList<WorkerLease>, bool> condition, CancellationToken cancellationToken)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (condition(Directory.Workers))
            {
                met.TrySetResult();
            }
        }

        Directory.Changed += Look;
        try
        {
            Look();
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return Directory.Workers;
        }
        finally
        {
            Directory.Changed -= Look;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
    }
}
