using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Models;

/// <summary>Brings models into memory.</summary>
internal interface IModelLoader
{
    /// <summary>Memory that the model will take, as far as its files tell.</summary>
    long EstimateBytes(ModelDefinition model);

    /// <summary>Loads the model; called for one model at a time.</summary>
    /// <exception cref="ModelLoadException">The model can't be loaded, for reasons that its files or settings give.</exception>
    Task<ILoadedModel> LoadAsync(ModelDefinition model, IProgress<double> progress);
}

/// <summary>A model in memory. Disposing it gives the memory back.</summary>
internal interface ILoadedModel : IAsyncDisposable
{
    WhisperModel Model { get; }

    Transcriber Transcriber { get; }

    /// <summary>Memory that it takes, as measured.</summary>
    long MemoryBytes { get; }
}
