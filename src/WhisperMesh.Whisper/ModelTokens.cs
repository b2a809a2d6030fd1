namespace WhisperMesh.Whisper;

/// <summary>What the tokens of a model stand for.</summary>
public static class ModelTokens
{
    /// <summary>The bytes of a token; empty for control tokens and timestamps. A character may span several tokens.</summary>
    public static ReadOnlySpan<byte> TokenBytes(this WhisperModel model, int token)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Tokenizer.Bytes(token);
    }
}
