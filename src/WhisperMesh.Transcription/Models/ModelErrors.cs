using System.Globalization;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Transcription.Models;

/// <summary>Why a request gets no model.</summary>
internal static class ModelErrors
{
    private const string Field = "model";
    private static readonly TimeSpan LoadingPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MemoryPause = TimeSpan.FromSeconds(10);

    public static MeshException StillLoading(string model, double progress) => MeshException.Unavailable(
        ErrorReasons.ModelLoading,
        string.Create(CultureInfo.InvariantCulture, $"Model '{model}' is still loading, {progress:P0} so far; try again soon."),
        LoadingPause);

    public static MeshException NoRoom(string model, long neededBytes, long memoryBytes) => MeshException.ResourceExhausted(
        ErrorReasons.ModelMemoryFull,
        $"Model '{model}' needs about {Megabytes(neededBytes)} and the models in use leave less of the {Megabytes(memoryBytes)} "
            + "that models may take; try again when one of them is free.",
        MemoryPause,
        Field);

    public static MeshException CanNeverFit(string model, long neededBytes, long memoryBytes) => MeshException.FailedPrecondition(
        ErrorReasons.ModelTooLarge,
        $"Model '{model}' needs about {Megabytes(neededBytes)}: more than {TranscriptionOptions.SectionName}:"
            + $"{nameof(TranscriptionOptions.ModelMemoryBytes)}, {Megabytes(memoryBytes)}, leaves beside the models that are kept.",
        Field);

    public static MeshException Failed(ModelFailure failure, TimeSpan retryAfter) =>
        new(failure.StatusCode, failure.Reason, failure.Message) { Field = Field, RetryAfter = retryAfter };

    public static MeshException Stopping() => MeshException.Unavailable(
        ErrorReasons.Draining, "This worker is shutting down and loads no more models.", TimeSpan.FromSeconds(1));

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");
}
