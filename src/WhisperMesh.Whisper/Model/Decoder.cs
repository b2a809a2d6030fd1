using Microsoft.ML.OnnxRuntime;

namespace WhisperMesh.Whisper.Model;

/// <summary>The text half of the network: one step for one sequence, over caller-owned memory. Thread-safe; the state is the caller's.</summary>
internal sealed class Decoder : IDisposable
{
    /// <summary>Attention heads whose scores the graph hands out for word timing.</summary>
    public const int AlignmentHeads = 8;

    private const string CrossScores = "cross_qk";
    private static readonly string[] StepInputs = ["tokens", "positions", "mask", "cross_mask", "logits_at"];

    private readonly ModelDimensions _dimensions;
    private readonly InferenceSession _session;
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly string[] _outputsWithScores;

    public Decoder(string path, ModelDimensions dimensions, int threads)
    {
        _dimensions = dimensions;
        _inputs =
        [
            .. StepInputs,
            .. GraphSession.LayerNames(dimensions.Layers, "cross_k", "cross_v"),
            .. GraphSession.LayerNames(dimensions.Layers, "past_k", "past_v"),
        ];
        _outputs = ["logits", .. GraphSession.LayerNames(dimensions.Layers, "present_k", "present_v")];
        _outputsWithScores = [.. _outputs, CrossScores];
        _session = GraphSession.Open(path, threads, _inputs, _outputsWithScores);
    }

    public ModelDimensions Dimensions => _dimensions;

    /// <summary>
    /// Feeds <paramref name="tokens"/> after those in the cache; <paramref name="logits"/> gets one row of the vocabulary for each
    /// index in <paramref name="logitsAt"/>, <paramref name="crossScores"/> (if not empty) [heads, tokens, audio positions].
    /// </summary>
    public void Step(
        EncodedWindow window, DecoderCache cache, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitsAt,
        Memory<float> logits, Memory<float> crossScores, RunOptions run)
    {
        var (n, past) = (tokens.Length, cache.Length);
        cache.Reserve(n);
        var shape = new long[] { 1, _dimensions.Heads, past, _dimensions.HeadSize };
        var grown = new long[] { 1, _dimensions.Heads, past + n, _dimensions.HeadSize };
        var inputs = new List<OrtValue>(_inputs.Length);
        var outputs = new List<OrtValue>(_outputsWithScores.Length);
        try
        {
            inputs.Add(Integers(tokens));
            inputs.Add(Tensor(Positions(past, n), [1, n]));
            inputs.Add(Tensor(CausalMask(n, past), [1, 1, n, past + n]));
            inputs.Add(Tensor<float>(new float[n * window.Positions], [1, 1, n, window.Positions]));
            inputs.Add(Integers(logitsAt));
            inputs.AddRange(window.KeysAndValues);
            outputs.Add(Tensor(logits, [1, logitsAt.Length, _dimensions.Vocabulary]));
            for (var tensor = 0; tensor < 2 * _dimensions.Layers; tensor++)
            {
                inputs.Add(Tensor(cache.Past(tensor), shape));
                outputs.Add(Tensor(cache.Present(tensor, n), grown));
            }
            if (!crossScores.IsEmpty)
            {
                outputs.Add(Tensor(crossScores, [1, AlignmentHeads, n, window.Positions]));
            }
            _session.Run(run, _inputs, inputs, crossScores.IsEmpty ? _outputs : _outputsWithScores, outputs);
        }
        finally
        {
            DisposeOwned(inputs, window.KeysAndValues.Count);
            outputs.ForEach(value => value.Dispose());
        }
        cache.Advance(n);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Disposes what this step made; the window's tensors, after the first inputs, live on.</summary>
    private static void DisposeOwned(List<OrtValue> inputs, int borrowed)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (i < StepInputs.Length || i >= StepInputs.Length + borrowed)
            {
                inputs[i].Dispose();
            }
        }
    }

    private static OrtValue Integers(ReadOnlySpan<int> values)
    {
        var wide = new long[values.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }
        return Tensor(wide.AsMemory(), [1, wide.Length]);
    }

    private static Memory<long> Positions(int past, int count)
    {
        var positions = new long[count];
        for (var i = 0; i < count; i++)
        {
            positions[i] = past + i;
        }
        return positions;
    }

    private static Memory<float> CausalMask(int count, int past)
    {
        var mask = new float[count * (past + count)];
        for (var i = 0; i < count; i++)
        {
            mask.AsSpan(i * (past + count) + past + i + 1, count - i - 1).Fill(-1e9f);
        }
        return mask;
    }

    private static OrtValue Tensor<T>(Memory<T> memory, long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
}
