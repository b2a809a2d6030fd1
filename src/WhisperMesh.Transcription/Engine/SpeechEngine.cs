using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.Audio.Ffmpeg;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Models;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Engine;

/// <summary>The models in memory, loaded before the worker listens and shared by all requests.</summary>
internal sealed partial class SpeechEngine(
    IOptions<TranscriptionOptions> options, IHostEnvironment environment, TimeProvider timeProvider, ILogger<SpeechEngine> logger)
    : IStartupTask, IDisposable
{
    private static readonly string[] WhisperFiles =
        ["config.json", "generation_config.json", "tokenizer.json", "encoder.onnx", "decoder.onnx"];

    private WhisperModel? _model;
    private SileroVad? _vad;
    private Transcriber? _transcriber;

    public WhisperModel Model => _model ?? throw NotLoaded();

    public Transcriber Transcriber => _transcriber ?? throw NotLoaded();

    /// <summary>Whether ffmpeg was found at start, so that compressed audio can be read.</summary>
    public bool ReadsCompressedAudio { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begin = timeProvider.GetTimestamp();
        var settings = options.Value;
        var modelFolder = ModelFiles.Resolve(settings.ModelPath, environment.ContentRootPath);
        var vadFile = ModelFiles.Resolve(settings.VadPath, environment.ContentRootPath);
        string[] errors =
        [
            .. await ModelFiles.CheckAsync(modelFolder, WhisperFiles, cancellationToken),
            .. await ModelFiles.CheckAsync(Path.GetDirectoryName(vadFile)!, [vadFile], cancellationToken),
        ];
        if (errors.Length > 0)
        {
            throw new StartupException(errors);
        }

        try
        {
            _model = WhisperModel.Load(modelFolder, new WhisperModelOptions
            {
                Device = settings.Device,
                Threads = settings.Threads,
                Name = settings.ModelName,
            });
            _vad = new SileroVad(vadFile);
        }
        catch (Exception exception) when (exception is WhisperException or InvalidDataException or FileNotFoundException)
        {
            throw new StartupException(exception.Message);
        }

        ReadsCompressedAudio = await FfmpegLocator.IsUsableAsync(settings.FfmpegPath);
        _transcriber = new Transcriber(_model, _vad);
        var elapsed = timeProvider.GetElapsedTime(begin);
        LogLoaded(logger, _model.Name, _model.Device, _model.Threads, elapsed);
    }

    public void Dispose()
    {
        _model?.Dispose();
        _vad?.Dispose();
    }

    private static InvalidOperationException NotLoaded() => new("The model is loaded by the startup tasks, which have not run.");

    [LoggerMessage(EventId = 200, Level = LogLevel.Information,
        Message = "Model {Model} is loaded on {Device} with {Threads} threads in {Elapsed}")]
    private static partial void LogLoaded(ILogger logger, string model, string device, int threads, TimeSpan elapsed);
}
