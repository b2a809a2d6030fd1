using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Models;

/// <summary>How far a model is.</summary>
internal enum ModelPhase
{
    Cold,
    Loading,
    Ready,
    Unloading,
    Failed,
}

/// <summary>One model's state. Guarded by the lock of <see cref="ModelTable"/>.</summary>
internal sealed class ModelSlot(ModelDefinition definition)
{
    public ModelDefinition Definition { get; } = definition;

    public ModelPhase Phase { get; set; }

    /// <summary>Whether requests wait for it and its load has not begun.</summary>
    public bool Wanted { get; set; }

    /// <summary>Whether what keeps its load from beginning is memory.</summary>
    public bool LacksMemory { get; set; }

    /// <summary>Leases given and not returned.</summary>
    public int Leases { get; set; }

    /// <summary>Requests that get a lease, or the error, when the load ends.</summary>
    public List<TaskCompletionSource<ModelLease>> Waiters { get; } = [];

    public ILoadedModel? Loaded { get; set; }

    public double Progress { get; set; }

    /// <summary>What it takes as measured, or will take as estimated.</summary>
    public long MemoryBytes { get; set; }

    /// <summary>Largest measure so far: what the next load is expected to take.</summary>
    public long MeasuredBytes { get; set; }

    /// <summary>Timestamp of the last return, or of the load.</summary>
    public long LastUsed { get; set; }

    public ModelFailure? Failure { get; set; }

    /// <summary>Failures in a row.</summary>
    public int FailureCount { get; set; }

    /// <summary>Timestamp of the last failure.</summary>
    public long FailedAt { get; set; }

    public bool IsResident => Phase is ModelPhase.Loading or ModelPhase.Ready or ModelPhase.Unloading;

    public bool IsIdle => Phase == ModelPhase.Ready && Leases == 0 && !Definition.KeepLoaded;

    public void Load()
    {
        Phase = ModelPhase.Loading;
        Progress = 0;
    }

    /// <summary>The load has ended well; the model is there for those who wait.</summary>
    public void Become(ILoadedModel loaded, long timestamp)
    {
        (Phase, Loaded, LastUsed) = (ModelPhase.Ready, loaded, timestamp);
        (Failure, FailureCount) = (null, 0);
        MemoryBytes = MeasuredBytes = Math.Max(MeasuredBytes, loaded.MemoryBytes);
    }

    public void Fail(ModelFailure failure, long timestamp)
    {
        (Phase, Failure, FailedAt) = (ModelPhase.Failed, failure, timestamp);
        FailureCount++;
    }

    /// <summary>Gives each waiting request a lease.</summary>
    public void Answer(Func<ModelLease> lend)
    {
        Waiters.ForEach(waiter => waiter.SetResult(lend()));
        Waiters.Clear();
    }

    /// <summary>Gives each waiting request an error.</summary>
    public void Refuse(Func<MeshException> error)
    {
        Waiters.ForEach(waiter => waiter.SetException(error()));
        Waiters.Clear();
    }

    public ModelState Snapshot() => new()
    {
        ModelId = Definition.Name,
        State = Wanted ? ModelLoadState.Loading : Phase switch
        {
            ModelPhase.Loading => ModelLoadState.Loading,
            ModelPhase.Ready => ModelLoadState.Ready,
            ModelPhase.Failed => ModelLoadState.Failed,
            _ => ModelLoadState.Cold,
        },
        LoadProgress = Phase switch { ModelPhase.Ready => 1, ModelPhase.Loading => Progress, _ => 0 },
        FailureMessage = Failure?.Message ?? "",
        ActiveRequestCount = Leases,
        MemoryBytes = IsResident ? MemoryBytes : 0,
    };
}
