using WhisperMesh.Router.Workers.Health;

namespace WhisperMesh.Router.Workers.Load;

/// <summary>One try at a worker. Guarded by the pool's lock.</summary>
internal sealed class RunningWork(PredictedWork work, string model, long startedAt, int concurrency, bool cold)
{
    public PredictedWork Work { get; } = work;

    public string Model { get; } = model;

    public long StartedAt { get; } = startedAt;

    /// <summary>Requests at the worker when it began, itself included.</summary>
    public int Concurrency { get; } = concurrency;

    /// <summary>Whether the model had to be loaded first.</summary>
    public bool Cold { get; } = cold;

    /// <summary>Whether its latency tells of the worker's speed: the model was loaded, and all audio there.</summary>
    public bool Telling { get; } = !cold && work.Complete;

    /// <summary>Audio that the speed was credited with, in seconds.</summary>
    public double CreditedSeconds { get; set; }

    public WorkerOutcomeKind? Outcome { get; set; }
}
