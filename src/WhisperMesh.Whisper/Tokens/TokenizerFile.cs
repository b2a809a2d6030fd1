using System.Text.Json;

namespace WhisperMesh.Whisper.Tokens;

/// <summary>Reads <c>tokenizer.json</c> (Hugging Face form, model type BPE).</summary>
internal static class TokenizerFile
{
    public static Tokenizer Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var vocabulary = new Dictionary<string, int>();
        foreach (var entry in root.GetProperty("model").GetProperty("vocab").EnumerateObject())
        {
            vocabulary[entry.Name] = entry.Value.GetInt32();
        }
        // Added tokens are control marks without text, even where the vocabulary lists them too.
        foreach (var added in root.GetProperty("added_tokens").EnumerateArray())
        {
            vocabulary.Remove(added.GetProperty("content").GetString()!);
        }
        return new Tokenizer(vocabulary);
    }
}
