using Microsoft.Extensions.Options;
using WhisperMesh.Audio.Ffmpeg;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Models;
using WhisperMesh.Synthesis.Sherpa;
using WhisperMesh.Synthesis.Telemetry;
using WhisperMesh.Synthesis.Voices;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Checks the voice's files at start and loads it.</summary>
internal sealed class VoiceLoader(
    IOptions<SynthesisOptions> options, IHostEnvironment environment, ILogger<VoiceLoader> logger) : IStartupTask, IDisposable
{
    private SherpaTts? _voice;
    private SpeechEngine? _engine;

    public bool HasFfmpeg { get; private set; }

    /// <summary>Revision of the voice's files; empty when they can't be read.</summary>
    public string Revision { get; private set; } = "";

    public SpeechEngine Engine => _engine ?? throw new InvalidOperationException("The voice is not loaded yet.");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var files = new PiperFiles(ModelFiles.Resolve(settings.ModelPath, environment.ContentRootPath));
        List<string> errors =
        [
            .. SherpaLibrary.Files.Where(file => !File.Exists(file)).Select(file => $"Native library {file} does not exist; build the project again."),
            .. await ModelFiles.CheckAsync(files.Folder, PiperFiles.Required, cancellationToken),
        ];
        if (errors.Count > 0)
        {
            throw new StartupException(errors);
        }

        var revision = ModelRevision.OfAsync(
            PiperFiles.Required.Select(name => Path.Combine(files.Folder, name)), [], cancellationToken);
        var threads = settings.Threads > 0 ? settings.Threads : Math.Min(4, Environment.ProcessorCount);
        _voice = SherpaTts.Load(files, threads);
        logger.VoiceLoaded(settings.ModelName, _voice.SampleRateHz, threads);
        HasFfmpeg = await FfmpegLocator.IsUsableAsync(settings.FfmpegPath);
        if (!HasFfmpeg)
        {
            logger.FfmpegMissing(settings.FfmpegPath);
        }

        Revision = await revision;
        _engine = new SpeechEngine(_voice);
    }

    public void Dispose() => _voice?.Dispose();
}
