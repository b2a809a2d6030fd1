using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Models;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Models;

/// <summary>Loads Whisper models.</summary>
internal sealed class WhisperModelLoader(IOptions<TranscriptionOptions> options, VoiceModel voice) : IModelLoader
{
    // Whisper base, 80 MiB of files, adds 121 to 152 MiB to the process: the graphs' weights are kept once more, laid out for the
    // kernels, and the sessions have buffers of their own.
    private const int BytesPerFileByte = 2;

    public long EstimateBytes(ModelDefinition model) => WhisperFolder.Size(model.Folder) * BytesPerFileByte;

    public async Task<ILoadedModel> LoadAsync(ModelDefinition model, IProgress<double> progress)
    {
        var errors = await CheckAsync(model, CancellationToken.None).ConfigureAwait(false);
        if (errors.Count > 0)
        {
            throw new ModelLoadException(errors);
        }

        // A thread of its own: it computes for seconds with large models.
        return await Task.Factory.StartNew(
            () => Load(model, progress), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ConfigureAwait(false);
    }

    /// <summary>What is wrong with the model's files, as far as can be told without loading them.</summary>
    public static Task<IReadOnlyList<string>> CheckAsync(ModelDefinition model, CancellationToken cancellationToken) =>
        ModelFiles.CheckAsync(model.Folder, WhisperFolder.FileNames, cancellationToken);

    private LoadedWhisper Load(ModelDefinition model, IProgress<double> progress)
    {
        var settings = options.Value;
        var before = ProcessMemory.Resident;
        try
        {
            var whisper = WhisperModel.Load(
                model.Folder,
                new WhisperModelOptions
                {
                    Device = settings.Device,
                    Threads = settings.Threads,
                    Name = model.Name,
                    Rows = settings.BatchRows,
                    RowMemoryBytes = settings.BatchMemoryBytes,
                    Window = settings.Window,
                    QueueLimit = settings.QueuedAudioLimit,
                },
                progress);
            return new LoadedWhisper(whisper, new Transcriber(whisper, voice.Vad), Measure(model, ProcessMemory.Resident - before));
        }
        catch (Exception exception) when (exception is WhisperException or InvalidDataException or FileNotFoundException)
        {
            throw new ModelLoadException(exception.Message);
        }
    }

    // Memory that the process held already hides what the model takes, and other requests add theirs: hence the bounds.
    private long Measure(ModelDefinition model, long growth) =>
        Math.Clamp(growth, WhisperFolder.Size(model.Folder), 2 * EstimateBytes(model));

    private sealed class LoadedWhisper(WhisperModel model, Transcriber transcriber, long memoryBytes) : ILoadedModel
    {
        public WhisperModel Model => model;

        public Transcriber Transcriber => transcriber;

        public long MemoryBytes => memoryBytes;

        public ValueTask DisposeAsync() => new(Task.Run(() =>
        {
            model.Dispose();
            ProcessMemory.Trim();
        }));
    }
}
