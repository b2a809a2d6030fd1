using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Model.Graph;

namespace WhisperMesh.Whisper.Model;

/// <summary>
/// The text half of the network: one step for rows of any requests, each with its own window, age and number of tokens. One step
/// at a time; the scheduler's thread is the only caller.
/// </summary>
internal sealed class Decoder : IDisposable
{
    private static readonly string[] Inputs = ["tokens", "positions", "logits_at"];
    private static readonly string[] Outputs = ["logits"];

    private readonly AttentionOps _ops;
    private readonly InferenceSession _session;
    private readonly StepBindings _bindings;

    /// <param name="path">The graph file.</param>
    /// <param name="dimensions">Sizes of the network.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <param name="maxTokens">Most tokens in a step, over all rows.</param>
    /// <param name="maxLogits">Most tokens of a step after which logits are wanted.</param>
    public Decoder(string path, ModelDimensions dimensions, int threads, int maxTokens, int maxLogits)
    {
        Dimensions = dimensions;
        if (dimensions.HeadSize != HeadMath.HeadSize)
        {
            throw new InvalidDataException($"its heads are {dimensions.HeadSize} wide; {HeadMath.HeadSize} are supported");
        }
        Plan = new StepPlan(maxTokens, maxLogits);
        var decoder = DecoderGraph.Rewrite(path, dimensions.Layers);
        AlignmentHeads = decoder.AlignmentHeads;
        _ops = new AttentionOps(dimensions) { Plan = Plan };
        try
        {
            _session = GraphSession.Open(decoder.Graph, threads, Inputs, Outputs, _ops.AddTo);
        }
        catch
        {
            _ops.Dispose();
            throw;
        }
        Logits = GC.AllocateUninitializedArray<float>(maxLogits * dimensions.Vocabulary, pinned: true);
        _bindings = new StepBindings(_session, Plan, Logits, dimensions.Vocabulary);
    }

    public ModelDimensions Dimensions { get; }

    /// <summary>Attention heads whose scores tell where words are.</summary>
    public IReadOnlyList<AlignmentHead> AlignmentHeads { get; }

    /// <summary>What <see cref="Step"/> works on; filled in by the caller.</summary>
    public StepPlan Plan { get; }

    /// <summary>A row of the vocabulary for each that the plan wants, until the next step.</summary>
    public float[] Logits { get; }

    /// <summary>Runs the step of <see cref="Plan"/>; its tokens are then past.</summary>
    public void Step(RunOptions run)
    {
        _ops.Failure = null;
        _bindings.Run(run);
        if (_ops.Failure is { } failure)
        {
            throw new InvalidOperationException("An attention kernel failed.", failure);
        }
        Plan.Advance();
    }

    public void Dispose()
    {
        _bindings.Dispose();
        _session.Dispose();
        _ops.Dispose();
    }
}
