using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Telemetry;

/// <summary>Measures of the models' comings and goings.</summary>
internal sealed class ModelMetrics
{
    private const string ModelTag = TelemetryNames.Attributes.Model;
    private const string OutcomeTag = TelemetryNames.Attributes.Outcome;
    private const string ReasonTag = TelemetryNames.Attributes.Reason;

    private readonly Meter _meter;
    private readonly Counter<long> _loads;
    private readonly Histogram<double> _loadDuration;
    private readonly Counter<long> _unloads;

    public ModelMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(TranscriptionTelemetry.Name);
        _loads = _meter.CreateCounter<long>(TelemetryNames.Metrics.ModelLoads, "{load}", "Loads of a model that ended.");
        _loadDuration = _meter.CreateHistogram<double>(
            TelemetryNames.Metrics.ModelLoadDuration, "s", "From the start of a load to its end.");
        _unloads = _meter.CreateCounter<long>(TelemetryNames.Metrics.ModelUnloads, "{unload}", "Models that left memory.");
    }

    /// <summary>Has the models in memory counted whenever measures are taken.</summary>
    public void Observe(Func<IReadOnlyList<ModelState>> states)
    {
        _meter.CreateObservableUpDownCounter(
            TelemetryNames.Metrics.ModelsResident,
            () => states().Count(model => model.State == ModelLoadState.Ready),
            "{model}",
            "Models in memory.");
        _meter.CreateObservableUpDownCounter(
            TelemetryNames.Metrics.ModelMemory,
            () => states().Sum(model => model.MemoryBytes),
            "By",
            "Memory that the models take.");
    }

    public void Loaded(string model, TimeSpan duration) => Ended(model, TranscriptionMetrics.Succeeded, duration);

    public void LoadFailed(string model, TimeSpan duration) => Ended(model, TranscriptionMetrics.Failed, duration);

    public void Unloaded(string model, UnloadReason reason) => _unloads.Add(
        1, new(ModelTag, model), new(ReasonTag, reason switch
        {
            UnloadReason.Idle => "idle",
            UnloadReason.Memory => "memory",
            _ => "stopping",
        }));

    private void Ended(string model, string outcome, TimeSpan duration)
    {
        KeyValuePair<string, object?> modelTag = new(ModelTag, model), outcomeTag = new(OutcomeTag, outcome);
        _loads.Add(1, modelTag, outcomeTag);
        _loadDuration.Record(duration.TotalSeconds, modelTag, outcomeTag);
    }
}
