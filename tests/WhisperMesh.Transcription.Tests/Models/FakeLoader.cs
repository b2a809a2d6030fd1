using WhisperMesh.Transcription.Models;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Tests.Models;

/// <summary>Models of nothing but a size, whose loads end when the test says so.</summary>
internal sealed class FakeLoader(IReadOnlyDictionary<string, long> sizes) : IModelLoader
{
    private (ModelDefinition Model, IProgress<double> Progress, TaskCompletionSource<ILoadedModel> Load)? _running;

    /// <summary>Whether loads end by themselves, at once.</summary>
    public bool Immediate { get; init; }

    /// <summary>Names of the models in the order of their loads.</summary>
    public List<string> Loads { get; } = [];

    /// <summary>Names of the models in the order of their unloads.</summary>
    public List<string> Unloads { get; } = [];

    /// <summary>Models in memory.</summary>
    public List<FakeModel> Resident { get; } = [];

    public string? Running => _running?.Model.Name;

    /// <summary>What the models in memory and the one on its way there take.</summary>
    public long ResidentBytes => Resident.Sum(model => model.MemoryBytes) + (Running is { } name ? sizes[name] : 0);

    public long EstimateBytes(ModelDefinition model) => sizes[model.Name];

    public Task<ILoadedModel> LoadAsync(ModelDefinition model, IProgress<double> progress)
    {
        Running.ShouldBeNull("two loads at once");
        Resident.ShouldNotContain(other => other.Name == model.Name, "loaded twice");
        Loads.Add(model.Name);
        // The test goes on only after whoever waits for the load has had its turn.
        _running = (model, progress, new TaskCompletionSource<ILoadedModel>());
        var load = _running.Value.Load.Task;
        if (Immediate)
        {
            Succeed();
        }

        return load;
    }

    public void Report(double progress) => _running!.Value.Progress.Report(progress);

    public void Succeed(long? bytes = null)
    {
        var running = Take();
        var model = new FakeModel(this, running.Model.Name, bytes ?? sizes[running.Model.Name]);
        Resident.Add(model);
        running.Load.SetResult(model);
    }

    public void Fail(Exception exception) => Take().Load.SetException(exception);

    private (ModelDefinition Model, IProgress<double> Progress, TaskCompletionSource<ILoadedModel> Load) Take()
    {
        var running = _running.ShouldNotBeNull("nothing is being loaded");
        _running = null;
        return running;
    }
}

internal sealed class FakeModel(FakeLoader loader, string name, long memoryBytes) : ILoadedModel
{
    public string Name => name;

    public bool Disposed { get; private set; }

    public WhisperModel Model => throw new NotSupportedException();

    public Transcriber Transcriber => throw new NotSupportedException();

    public long MemoryBytes => memoryBytes;

    public ValueTask DisposeAsync()
    {
        Disposed.ShouldBeFalse("unloaded twice");
        Disposed = true;
        loader.Resident.Remove(this);
        loader.Unloads.Add(name);
        return ValueTask.CompletedTask;
    }
}
