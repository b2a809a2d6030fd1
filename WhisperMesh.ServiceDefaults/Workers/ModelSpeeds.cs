using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>Measured speed of each of a worker's models. Guarded by the gate's lock.</summary>
internal sealed class ModelSpeeds
{
    private readonly (string Model, SpeedMeter Meter)[] _meters;

    public ModelSpeeds(WorkerCapabilities capabilities, TimeProvider time) =>
        _meters = [.. capabilities.Models.Select(model => (model.Model.Id, new SpeedMeter(time)))];

    public void Begin(string? model) => Find(model)?.Begin();

    public void Add(string? model, TimeSpan audio) => Find(model)?.Add(audio);

    public void End(string? model) => Find(model)?.End();

    /// <summary>The states with the speeds filled in; where there are none, those of the models that have been measured.</summary>
    public IEnumerable<ModelState> AddTo(IReadOnlyList<ModelState>? states)
    {
        if (states is null)
        {
            return Array.Exists(_meters, entry => entry.Meter.AudioSecondsPerSecond > 0)
                ? [.. _meters.Select(entry => new ModelState
                {
                    ModelId = entry.Model,
                    State = ModelLoadState.Ready,
                    LoadProgress = 1,
                    AudioSecondsPerSecond = entry.Meter.AudioSecondsPerSecond,
                })]
                : [];
        }

        foreach (var state in states)
        {
            state.AudioSecondsPerSecond = Find(state.ModelId)?.AudioSecondsPerSecond ?? 0;
        }

        return states;
    }

    private SpeedMeter? Find(string? model) =>
        model is null ? _meters.FirstOrDefault().Meter : Array.Find(_meters, entry => entry.Model == model).Meter;
}
