using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Model;

/// <summary>
/// The audio half of the network. One window a call: its kernels scale activations over the whole tensor, so windows in one batch
/// would change each other's rounding.
/// </summary>
internal sealed class Encoder : IDisposable
{
    private static readonly string[] Inputs = ["mel"];
    private readonly string[] _outputs;
    private readonly InferenceSession _session;

    public Encoder(string path, ModelDimensions dimensions, int threads)
    {
        _outputs = GraphSession.LayerNames(dimensions.Layers, "cross_k", "cross_v");
        _session = GraphSession.Open(path, threads, Inputs, _outputs);
    }

    /// <summary>Encodes a log-mel of [80, frames]; frames must be even.</summary>
    public EncodedWindow Encode(Memory<float> mel, int frames, RunOptions run)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, mel, [1, MelFilters.Count, frames]);
        return new EncodedWindow(_session.Run(run, Inputs, [input], _outputs), frames / 2);
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>Keys and values of one window for each layer of the decoder: k.0, v.0, k.1, ...</summary>
internal sealed class EncodedWindow(IDisposableReadOnlyCollection<OrtValue> keysAndValues, int positions) : IDisposable
{
    public IReadOnlyList<OrtValue> KeysAndValues => keysAndValues;

    /// <summary>Audio positions of 20 ms.</summary>
    public int Positions => positions;

    public void Dispose() => keysAndValues.Dispose();
}
