namespace WhisperMesh.Whisper.Decoding;

/// <summary>What is tried when a text repeats itself.</summary>
internal static class DecodingLadder
{
    private const float TemperatureStep = 0.2f;
    private const float Highest = 1.001f;

    /// <summary>The first text that is no loop; if all are, the one that repeats itself least.</summary>
    /// <param name="temperature">The one asked for.</param>
    /// <param name="attempt">Decodes, in the full window or a short one, at a temperature.</param>
    public static RecognizedText Climb(float temperature, Func<bool, float, RecognizedText> attempt)
    {
        var best = attempt(false, temperature);
        // Loops come from short windows and from the surest token being a wrong one: take away the first cause, then the second.
        for (var next = temperature; best.IsLoop && next <= Highest; next += TemperatureStep)
        {
            var text = attempt(true, next);
            best = !text.IsLoop || text.CompressionRatio < best.CompressionRatio ? text : best;
        }
        return best;
    }
}
