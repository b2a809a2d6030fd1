using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Model;

/// <summary>
/// The audio half of the network. One window a call: its kernels scale activations over the whole tensor, so windows in one batch
/// would change each other's rounding.
/// </summary>
internal sealed class Encoder : IDisposable
{
    private static readonly string[] Inputs = ["mel"];
    private readonly ModelDimensions _dimensions;
    private readonly AttentionPool _pool;
    private readonly string[] _outputs;
    private readonly InferenceSession _session;

    public Encoder(string path, ModelDimensions dimensions, AttentionPool pool, int threads)
    {
        (_dimensions, _pool) = (dimensions, pool);
        _outputs = GraphSession.LayerNames(dimensions.Layers, "cross_k", "cross_v");
        _session = GraphSession.Open(path, threads, Inputs, _outputs);
    }

    /// <summary>Encodes a log-mel of [80, frames]; frames must be even.</summary>
    public CrossMemory Encode(Memory<float> mel, int frames, RunOptions run)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, mel, [1, MelFilters.Count, frames]);
        using var outputs = _session.Run(run, Inputs, [input], _outputs);
        var memory = new CrossMemory(_pool, frames / 2);
        try
        {
            Parallel.For(0, _dimensions.Layers * _dimensions.Heads, index => Fill(memory, outputs, index));
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public void Dispose() => _session.Dispose();

    private unsafe void Fill(CrossMemory memory, IReadOnlyList<OrtValue> outputs, int index)
    {
        var (layer, head) = (index / _dimensions.Heads, index % _dimensions.Heads);
        var offset = (long)head * memory.Positions * _dimensions.HeadSize;
        fixed (float* keys = outputs[2 * layer].GetTensorDataAsSpan<float>())
        fixed (float* values = outputs[2 * layer + 1].GetTensorDataAsSpan<float>())
        {
            memory.Fill(layer, head, keys + offset, values + offset);
        }
    }
}
