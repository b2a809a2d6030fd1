using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Tests.Models;

/// <summary>
/// A registry over fake models with 100 bytes for all: <c>main</c> of 40, the default that is kept, <c>small</c> of 20,
/// <c>middle</c> of 30, <c>large</c> of 60 and <c>huge</c> of 70, which never fits beside the default.
/// </summary>
internal sealed class FakeRegistry
{
    public const long Budget = 100;
    public static readonly string[] Names = ["main", "small", "middle", "large", "huge"];
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public FakeRegistry(TimeSpan? idleTime = null, bool immediateLoads = false)
    {
        Loader = new FakeLoader(new Dictionary<string, long>
        {
            ["main"] = 40,
            ["small"] = 20,
            ["middle"] = 30,
            ["large"] = 60,
            ["huge"] = 70,
        })
        {
            Immediate = immediateLoads,
        };
        ModelDefinition[] models =
        [
            .. Names.Select(name => new ModelDefinition
            {
                Name = name,
                Folder = $"/models/{name}",
                Aliases = [$"{name}-alias"],
                IsDefault = name == "main",
                KeepLoaded = name == "main",
            }),
        ];
        Registry = new ModelRegistry(
            new ModelDefinitions(models),
            new ModelLimits(Budget, idleTime ?? Idle, Patience),
            Loader,
            new ModelMetrics(_services.GetRequiredService<IMeterFactory>()),
            Time,
            NullLogger<ModelRegistry>.Instance);
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeLoader Loader { get; }

    public ModelRegistry Registry { get; }

    public ModelState State(string name) => Registry.States.Single(state => state.ModelId == name);

    public Task<ModelLease> AcquireAsync(string name) => Registry.AcquireAsync(name, TestContext.Current.CancellationToken);

    /// <summary>Lends a model that is loaded for it.</summary>
    public async Task<ModelLease> LoadAsync(string name, long? bytes = null)
    {
        var lease = AcquireAsync(name);
        Loader.Running.ShouldBe(name);
        Loader.Succeed(bytes);
        return await lease.Bounded();
    }

    /// <summary>Brings a model into memory and lets go of it.</summary>
    public async Task WarmAsync(string name)
    {
        (await LoadAsync(name)).Dispose();
        // So that no two are of the same age.
        Time.Advance(TimeSpan.FromSeconds(1));
    }
}
