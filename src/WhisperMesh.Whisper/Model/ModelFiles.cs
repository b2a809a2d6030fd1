using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace WhisperMesh.Whisper.Model;

/// <summary>Opens the files of a model folder; what goes wrong is told with the file's name.</summary>
internal sealed class ModelFiles(string folder)
{
    public T Read<T>(string name, Func<string, T> read)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new WhisperException(WhisperErrorReason.ModelFileMissing, $"The model file '{path}' is missing.");
        }
        try
        {
            return read(path);
        }
        catch (Exception exception) when (IsBadContent(exception))
        {
            throw new WhisperException(
                WhisperErrorReason.ModelFileDamaged, $"The model file '{path}' can't be used: {exception.Message}", exception);
        }
    }

    public T ReadJson<T>(string name, Func<JsonElement, T> read) => Read(name, path =>
    {
        using var stream = File.OpenRead(path);
        using var document = JsonDocument.Parse(stream);
        return read(document.RootElement);
    });

    private static bool IsBadContent(Exception exception) => exception
        is OnnxRuntimeException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException
        or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException;
}
