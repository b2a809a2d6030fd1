using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>
/// Writes into a file, which is begun when the stream has begun, and holds what was heard so far at any time: a talk that breaks off is
/// not lost.
/// </summary>
internal sealed class FileOutput(string path, Func<StreamLiveResponse, string?> format) : ILiveOutput
{
    private StreamWriter? _file;

    public async ValueTask WriteAsync(StreamLiveResponse message)
    {
        _file ??= Create();
        if (format(message) is { } text)
        {
            await _file.WriteAsync(text);
            await _file.FlushAsync();
        }
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;

    private StreamWriter Create()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return new StreamWriter(path);
    }
}
