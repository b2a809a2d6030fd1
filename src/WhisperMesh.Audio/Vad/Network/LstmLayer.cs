using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Vad;

/// <summary>A long short-term memory over chunks, in ONNX's order of gates: input, output, forget, cell.</summary>
internal sealed class LstmLayer
{
    public const int Size = SileroVad.StateLength;
    public const int GateCount = 4 * Size;

    private static readonly RowGrid Inputs = new(1, Size);
    private static readonly RowGrid Gates = new(1, GateCount);

    private readonly PackedMatrix _input;
    private readonly PackedMatrix _recurrent;

    /// <param name="input">Weights from the input: a row for each gate.</param>
    /// <param name="recurrent">Weights from the hidden state, likewise.</param>
    /// <param name="biases">The gates' biases of the input, then those of the hidden state.</param>
    public LstmLayer(float[] input, float[] recurrent, float[] biases)
    {
        var bias = new float[GateCount];
        TensorPrimitives.Add<float>(biases.AsSpan(0, GateCount), biases.AsSpan(GateCount), bias);
        _input = new PackedMatrix(Size, GateCount, (from, gate) => input[(gate * Size) + from], bias);
        _recurrent = new PackedMatrix(Size, GateCount, (from, gate) => recurrent[(gate * Size) + from], []);
    }

    /// <summary>What the inputs of a batch give to the gates, ahead of the walk through them.</summary>
    public void Prepare(ReadOnlySpan<float> inputs, Span<float> gates, int chunkCount) =>
        _input.Multiply(inputs, Inputs, gates, Gates, chunkCount);

    /// <summary>Takes one chunk's gates and goes on to the next state.</summary>
    public void Step(Span<float> gates, Span<float> hidden, Span<float> cell)
    {
        _recurrent.AddProduct(hidden, gates);
        var sigmoids = gates[..(3 * Size)];
        var candidate = gates[(3 * Size)..];
        TensorPrimitives.Sigmoid(sigmoids, sigmoids);
        TensorPrimitives.Tanh(candidate, candidate);

        // cell = forget * cell + input * candidate; hidden = output * tanh(cell)
        TensorPrimitives.Multiply(sigmoids[..Size], candidate, candidate);
        TensorPrimitives.MultiplyAdd(sigmoids[(2 * Size)..], cell, candidate, cell);
        TensorPrimitives.Tanh(cell, hidden);
        TensorPrimitives.Multiply(hidden, sigmoids.Slice(Size, Size), hidden);
    }
}
