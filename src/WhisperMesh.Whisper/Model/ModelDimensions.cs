using System.Text.Json;

namespace WhisperMesh.Whisper.Model;

/// <summary>Sizes of the network, from <c>config.json</c>.</summary>
internal sealed record ModelDimensions(int Layers, int Heads, int HeadSize, int Vocabulary, int TextPositions)
{
    public static ModelDimensions Read(JsonElement config)
    {
        var heads = config.GetProperty("decoder_attention_heads").GetInt32();
        return new ModelDimensions(
            config.GetProperty("decoder_layers").GetInt32(),
            heads,
            config.GetProperty("d_model").GetInt32() / heads,
            config.GetProperty("vocab_size").GetInt32(),
            config.GetProperty("max_target_positions").GetInt32());
    }
}
