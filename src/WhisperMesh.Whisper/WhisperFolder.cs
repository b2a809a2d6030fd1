using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper;

/// <summary>What can be told of a model's folder without loading the model.</summary>
public static class WhisperFolder
{
    /// <summary>The files that make a model.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        ["config.json", "generation_config.json", "tokenizer.json", "encoder.onnx", "decoder.onnx"];

    /// <summary>Bytes of those files that are there.</summary>
    public static long Size(string folder) => FileNames
        .Select(name => new FileInfo(Path.Combine(folder, name)))
        .Where(file => file.Exists)
        .Sum(file => file.Length);

    /// <summary>Codes of the languages the model knows, its best trained ones first.</summary>
    /// <exception cref="WhisperException">The file that says so is missing or damaged; the message names it.</exception>
    public static IReadOnlyList<string> ReadLanguages(string folder) =>
        new ModelFiles(folder).ReadJson("generation_config.json", ControlTokens.Read).Languages
            .OrderBy(entry => entry.Value)
            .Select(entry => entry.Key)
            .ToList();
}
