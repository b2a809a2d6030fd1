using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Model;

/// <summary>The two halves of a model, as the scheduler drives them: one call at a time. Tests put arithmetic in its place.</summary>
internal interface ISpeechNetwork : IDisposable
{
    AttentionPool Pool { get; }

    /// <summary>What <see cref="Step"/> works on; filled in by the caller.</summary>
    StepPlan Plan { get; }

    /// <summary>Size of a row of logits.</summary>
    int Vocabulary { get; }

    /// <summary>Logits of the last step, a row for each that its plan wanted.</summary>
    Span<float> Logits { get; }

    /// <summary>Encodes a log-mel of [80, frames]; frames must be even.</summary>
    CrossMemory Encode(Memory<float> mel, int frames, RunOptions run);

    /// <summary>Runs the step of <see cref="Plan"/>; its tokens are then past.</summary>
    void Step(RunOptions run);
}
