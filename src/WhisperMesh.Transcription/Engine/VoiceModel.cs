using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Models;

namespace WhisperMesh.Transcription.Engine;

/// <summary>The voice activity model, which all speech models share; in memory from start to end.</summary>
internal sealed class VoiceModel(IOptions<TranscriptionOptions> options, IHostEnvironment environment) : IDisposable
{
    private readonly string _file = ModelFiles.Resolve(options.Value.VadPath, environment.ContentRootPath);
    private SileroVad? _vad;

    /// <summary>Where its file is.</summary>
    public string Path => _file;

    public SileroVad Vad => _vad ?? throw new InvalidOperationException("The startup tasks, which load it, have not run.");

    /// <summary>What is wrong with its file.</summary>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) =>
        ModelFiles.CheckAsync(System.IO.Path.GetDirectoryName(_file)!, [_file], cancellationToken);

    public void Load()
    {
        try
        {
            _vad = new SileroVad(_file);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
        {
            throw new StartupException(exception.Message);
        }
    }

    public void Dispose() => _vad?.Dispose();
}
