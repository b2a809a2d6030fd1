using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Model;

/// <summary>Encoder and decoder of one model, and the memory between them.</summary>
internal sealed class SpeechNetwork(Encoder encoder, Decoder decoder, AttentionPool pool) : ISpeechNetwork
{
    public AttentionPool Pool => pool;

    public StepPlan Plan => decoder.Plan;

    public int Vocabulary => decoder.Dimensions.Vocabulary;

    public Span<float> Logits => decoder.Logits;

    public CrossMemory Encode(Memory<float> mel, int frames, RunOptions run) => encoder.Encode(mel, frames, run);

    public void Step(RunOptions run) => decoder.Step(run);

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
        pool.Dispose();
    }
}
