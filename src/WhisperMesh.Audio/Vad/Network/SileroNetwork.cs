using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Vad;

/// <summary>
/// The network of Silero VAD at 16 kHz: a spectrum of four frames, four convolutions over frames, a memory over chunks, and one unit.
/// It does the arithmetic of the file's graph on the file's weights, in a fifth of the time that ONNX Runtime takes, which multiplies
/// for each chunk by itself, with four columns at a time, where here a batch of chunks goes through each layer together. Immutable.
/// </summary>
internal sealed class SileroNetwork
{
    /// <summary>Chunks that go through the layers together: half a second, whose numbers stay in the processor's cache.</summary>
    public const int BatchSize = 16;

    private const int Wide = 128;
    private const int Narrow = 64;
    private const int Taps = 3;
    private const int Bins = SpectrumLayer.BinCount;
    private const int Frames = SpectrumLayer.FramesPerChunk;

    /// <summary>Frames of bins with one of silence on both sides.</summary>
    public static readonly RowGrid Magnitudes = new(Frames, (Frames + 2) * Bins, Bins);

    /// <summary>The first convolution's frames with one of silence before them.</summary>
    public static readonly RowGrid FirstPadded = new(Frames / 2, (Frames + 1) * Wide, 2 * Wide);

    public static readonly RowGrid Second = new(Frames / 2, Frames / 2 * Narrow, Narrow);
    public static readonly RowGrid Third = new(1, Narrow);
    public static readonly RowGrid Fourth = new(1, Wide);

    private static readonly RowGrid First = FirstPadded with { PerChunk = Frames, Stride = Wide };
    private static readonly RowGrid SecondWhole = Second with { PerChunk = 1 };

    private readonly SpectrumLayer _spectrum;
    private readonly PackedMatrix _first;
    private readonly PackedMatrix _second;
    private readonly PackedMatrix _third;
    private readonly PackedMatrix _fourth;
    private readonly LstmLayer _memory;
    private readonly float[] _outputWeights;
    private readonly float _outputBias;

    /// <exception cref="InvalidDataException">The graph is another network.</exception>
    public SileroNetwork(OnnxGraph graph)
    {
        var convolutions = graph.Nodes.Where(node => node.Operation == "Conv").ToArray();
        var memories = graph.Nodes.Where(node => node.Operation == "LSTM").ToArray();
        if (!convolutions.Select(node => node.Inputs.Count).SequenceEqual([2, 3, 3, 3, 3, 3])
            || memories.Length != 1 || memories[0].Inputs.Count < 4)
        {
            throw new InvalidDataException("It has other layers.");
        }

        _spectrum = new SpectrumLayer(graph.Weights(convolutions[0].Inputs[1], 2 * Bins, 1, 2 * SpectrumLayer.HalfLength));

        // The third sees silence before its two frames, the fourth on both sides of its one: the weights for silence are left out.
        _first = Convolution(graph, convolutions[1], Bins, Wide, 0..3);
        _second = Convolution(graph, convolutions[2], Wide, Narrow, 0..3);
        _third = Convolution(graph, convolutions[3], Narrow, Narrow, 1..3);
        _fourth = Convolution(graph, convolutions[4], Narrow, Wide, 1..2);
        var inputs = memories[0].Inputs;
        _memory = new LstmLayer(
            graph.Weights(inputs[1], 1, LstmLayer.GateCount, Wide),
            graph.Weights(inputs[2], 1, LstmLayer.GateCount, LstmLayer.Size),
            graph.Weights(inputs[3], 1, 2 * LstmLayer.GateCount));
        _outputWeights = graph.Weights(convolutions[5].Inputs[1], 1, LstmLayer.Size, 1);
        _outputBias = graph.Weights(convolutions[5].Inputs[2], 1)[0];
    }

    /// <summary>Runs up to <see cref="BatchSize"/> chunks in order; the state goes on from one to the next.</summary>
    public void Run(ReadOnlySpan<float> samples, Span<float> hidden, Span<float> cell, Span<float> probabilities, SileroScratch scratch)
    {
        var count = probabilities.Length;
        _spectrum.Run(samples, count, scratch, scratch.Magnitudes.Span[Bins..], Magnitudes);
        _first.Multiply(scratch.Magnitudes.Span, Magnitudes, scratch.First.Span[Wide..], First, count * Frames, least: 0);
        _second.Multiply(scratch.First.Span, FirstPadded, scratch.Second.Span, Second, count * Frames / 2, least: 0);
        _third.Multiply(scratch.Second.Span, SecondWhole, scratch.Third.Span, Third, count, least: 0);
        _fourth.Multiply(scratch.Third.Span, Third, scratch.Fourth.Span, Fourth, count, least: 0);
        _memory.Prepare(scratch.Fourth.Span, scratch.Gates.Span, count);
        Span<float> rectified = stackalloc float[LstmLayer.Size];
        for (var chunk = 0; chunk < count; chunk++)
        {
            _memory.Step(scratch.Gates.Span.Slice(chunk * LstmLayer.GateCount, LstmLayer.GateCount), hidden, cell);
            TensorPrimitives.Max(hidden, 0, rectified);
            probabilities[chunk] = 1 / (1 + MathF.Exp(-(TensorPrimitives.Dot<float>(rectified, _outputWeights) + _outputBias)));
        }
    }

    // ONNX has the taps of an input side by side; here the inputs of a frame lie side by side.
    private static PackedMatrix Convolution(OnnxGraph graph, OnnxNode node, int inputs, int outputs, Range taps)
    {
        var weights = graph.Weights(node.Inputs[1], outputs, inputs, Taps);
        var (first, count) = taps.GetOffsetAndLength(Taps);
        return new PackedMatrix(
            count * inputs,
            outputs,
            (at, output) => weights[(((output * inputs) + (at % inputs)) * Taps) + first + (at / inputs)],
            graph.Weights(node.Inputs[2], outputs));
    }
}
