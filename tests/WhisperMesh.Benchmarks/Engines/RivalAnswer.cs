using System.Text.Json;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>Reads what a rival says: <c>{"text": "...", "seconds": 1.5}</c>, the seconds being optional, or plain text.</summary>
internal static class RivalAnswer
{
    public static EngineAnswer Read(string output, TimeSpan elapsed)
    {
        if (!output.AsSpan().TrimStart().StartsWith("{"))
        {
            return new EngineAnswer(output.Trim(), elapsed);
        }
        using var json = Parse(output);
        var seconds = json.RootElement.TryGetProperty("seconds", out var told) ? TimeSpan.FromSeconds(told.GetDouble()) : elapsed;
        return json.RootElement.TryGetProperty("text", out var text)
            ? new EngineAnswer(text.GetString() ?? "", seconds)
            : throw new BenchmarkException($"The rival's JSON has no 'text': {output.Trim()}");
    }

    private static JsonDocument Parse(string output)
    {
        try
        {
            return JsonDocument.Parse(output);
        }
        catch (JsonException exception)
        {
            throw new BenchmarkException($"The rival's JSON can't be read: {exception.Message}");
        }
    }
}
