using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>A worker: what it says of itself, and what this router makes of it.</summary>
internal sealed record WorkerObject
{
    public required string Id { get; init; }

    /// <summary>serving, draining, paused after a failure, or ejected after many.</summary>
    public required string State { get; init; }

    public required string Device { get; init; }
    public required string Version { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required int Active { get; init; }
    public required int Waiting { get; init; }

    /// <summary>Requests that it works on at once.</summary>
    public required int Capacity { get; init; }

    public required int QueueLimit { get; init; }
    public required long Completed { get; init; }
    public required double AudioSeconds { get; init; }

    /// <summary>Languages that it is kept for; empty: all.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>What its operator says of it; for operators.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public required IReadOnlyList<WorkerModelObject> Models { get; init; }

    public static WorkerObject Of(WorkerLease lease, WorkerStanding? standing, bool forOperator)
    {
        var capabilities = lease.Capabilities ?? new WorkerCapabilities();
        var load = lease.Load ?? new WorkerLoad();
        return new()
        {
            Id = lease.WorkerId,
            State = load.Draining ? "draining" : standing is { Ejected: true } ? "ejected" : standing is { Available: false } ? "paused" : "serving",
            Device = capabilities.Device,
            Version = capabilities.Version,
            StartedAt = lease.StartTime?.ToDateTimeOffset(),
            // A lease is up to three seconds old; what this router has there it knows itself.
            Active = Math.Max(load.ActiveRequestCount, Math.Min(standing?.InFlight ?? 0, Math.Max(1, capabilities.ConcurrentRequestLimit))),
            Waiting = load.QueuedRequestCount,
            Capacity = Math.Max(1, capabilities.ConcurrentRequestLimit),
            QueueLimit = capabilities.QueueLimit,
            Completed = load.CompletedRequestCount,
            AudioSeconds = Math.Round(load.AudioSeconds, 1),
            Languages = [.. capabilities.DedicatedLanguageCodes],
            Labels = forOperator ? capabilities.Labels.ToDictionary() : null,
            Models = [.. capabilities.Models.Select(model => WorkerModelObject.Of(model, load, forOperator))],
        };
    }
}

/// <summary>A model on a worker.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">transcription or synthesis.</param>
/// <param name="Default">Whether it serves requests that name none.</param>
/// <param name="State">cold, loading, ready or failed.</param>
/// <param name="LoadProgress">How much of it is in memory, 0 to 1.</param>
/// <param name="Failure">Why it could not be loaded; for operators.</param>
/// <param name="MemoryBytes">What it takes; absent where it is not told.</param>
/// <param name="AudioSecondsPerSecond">How fast it is; absent where it was not measured yet.</param>
internal sealed record WorkerModelObject(
    string Id, string Kind, bool Default, string State, double LoadProgress, string? Failure, long? MemoryBytes, double? AudioSecondsPerSecond)
{
    public static WorkerModelObject Of(WorkerModel model, WorkerLoad load, bool forOperator)
    {
        var state = load.Models.FirstOrDefault(each => each.ModelId == model.Model.Id);
        return new(
            model.Model.Id,
            KindOf(model.Model.Kind),
            model.IsDefault,
            state?.State switch
            {
                ModelLoadState.Cold => "cold",
                ModelLoadState.Loading => "loading",
                ModelLoadState.Failed => "failed",
                // Where nothing is said, models are loaded from start to end.
                _ => "ready",
            },
            state?.State is null or ModelLoadState.Unspecified or ModelLoadState.Ready ? 1 : Math.Round(state.LoadProgress, 2),
            forOperator && state?.FailureMessage is { Length: > 0 } failure ? failure : null,
            state?.MemoryBytes is > 0 and var bytes ? bytes : null,
            state?.AudioSecondsPerSecond is > 0 and var speed ? Math.Round(speed, 2) : null);
    }

    internal static string KindOf(ModelKind kind) => kind == ModelKind.Synthesis ? "synthesis" : "transcription";
}
