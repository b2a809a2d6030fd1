using Microsoft.Extensions.Options;
using WhisperMesh.Audio.Ffmpeg;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Models;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Engine;

/// <summary>Makes the engine ready before the worker listens: the voice model, the default model, ffmpeg.</summary>
internal sealed class SpeechEngine(VoiceModel voice, ModelRegistry models, IOptions<TranscriptionOptions> options) : IStartupTask
{
    public ModelRegistry Models => models;

    /// <summary>Where the models run.</summary>
    public string Device { get; private set; } = "";

    /// <summary>Whether ffmpeg was found at start, so that compressed audio can be read.</summary>
    public bool ReadsCompressedAudio { get; private set; }

    /// <summary>Revision of each model by its name; empty where the files can't be read.</summary>
    public IReadOnlyDictionary<string, string> Revisions { get; private set; } = new Dictionary<string, string>();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var errors = await voice.CheckAsync(cancellationToken);
        if (errors.Count > 0)
        {
            // The default model's files are checked as they are loaded; here, so that all errors are told at once.
            throw new StartupException(
                [.. await WhisperModelLoader.CheckAsync(models.Definitions.Default, cancellationToken), .. errors]);
        }

        // Beside the load, which reads the same files.
        var revisions = ReadRevisionsAsync(cancellationToken);
        voice.Load();
        await models.StartAsync(cancellationToken);
        using var lease = await models.AcquireAsync(models.Definitions.Default.Name, cancellationToken);
        Device = lease.Model.Device;
        ReadsCompressedAudio = await FfmpegLocator.IsUsableAsync(options.Value.FfmpegPath);
        Revisions = await revisions;
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadRevisionsAsync(CancellationToken cancellationToken)
    {
        var revisions = new Dictionary<string, string>();
        foreach (var model in models.Definitions.All)
        {
            // All that the text depends on beside the program: the weights, and where speech is found and cut.
            revisions[model.Name] = await ModelRevision.OfAsync(
                [.. WhisperFolder.FileNames.Select(name => Path.Combine(model.Folder, name)), voice.Path],
                [$"window {options.Value.Window}"],
                cancellationToken);
        }

        return revisions;
    }
}
