using System.Runtime.Intrinsics;
using Portable = WhisperMesh.Audio.Vad.MatrixKernel<System.Numerics.Vector<float>, WhisperMesh.Audio.Vad.PortableLanes>;
using Wide = WhisperMesh.Audio.Vad.MatrixKernel<System.Runtime.Intrinsics.Vector512<float>, WhisperMesh.Audio.Vad.WideLanes>;

namespace WhisperMesh.Audio.Vad;

/// <summary>
/// A matrix of weights, laid out for products with batches of vectors. Each output is summed in the order of the inputs whatever the
/// batch, so that the split of a stream changes no bit. Immutable.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private readonly bool _isWide;
    private readonly int _depth;
    private readonly int _panelCount;
    private readonly AlignedFloats _panels;
    private readonly AlignedFloats _bias;

    /// <param name="depth">Inputs.</param>
    /// <param name="width">Outputs, a multiple of 32.</param>
    /// <param name="weight">The weight from an input to an output.</param>
    /// <param name="bias">What each output begins with; empty: zero.</param>
    /// <param name="isWide">Use AVX-512; null: where the processor has it.</param>
    public PackedMatrix(int depth, int width, Func<int, int, float> weight, ReadOnlySpan<float> bias, bool? isWide = null)
    {
        _isWide = isWide ?? Vector512.IsHardwareAccelerated;
        var panelWidth = _isWide ? Wide.PanelWidth : Portable.PanelWidth;
        ArgumentOutOfRangeException.ThrowIfNotEqual(width % panelWidth, 0);
        _depth = depth;
        _panelCount = width / panelWidth;
        _panels = new AlignedFloats(depth * width);
        _bias = new AlignedFloats(width);
        bias.CopyTo(_bias.Span);
        for (var output = 0; output < width; output++)
        {
            var (panel, lane) = Math.DivRem(output, panelWidth);
            for (var input = 0; input < depth; input++)
            {
                _panels.Span[(((panel * depth) + input) * panelWidth) + lane] = weight(input, output);
            }
        }
    }

    /// <summary>Multiplies vectors and adds the bias. Results below <paramref name="least"/> become it; 0 rectifies.</summary>
    public void Multiply(
        ReadOnlySpan<float> input, RowGrid inputGrid, Span<float> output, RowGrid outputGrid, int rowCount, float least = float.NegativeInfinity)
    {
        CheckRoom(input.Length, inputGrid, rowCount, _depth);
        CheckRoom(output.Length, outputGrid, rowCount, _bias.Length);
        fixed (float* from = input, to = output, panels = _panels.Span, bias = _bias.Span)
        {
            if (_isWide)
            {
                Wide.Multiply(from, inputGrid, to, outputGrid, rowCount, panels, _depth, _panelCount, bias, least);
            }
            else
            {
                Portable.Multiply(from, inputGrid, to, outputGrid, rowCount, panels, _depth, _panelCount, bias, least);
            }
        }
    }

    /// <summary>Adds the product with one vector to what is there; the bias does not count.</summary>
    public void AddProduct(ReadOnlySpan<float> input, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Length, _depth);
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, _bias.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(_panelCount % Wide.PanelsAtOnce, 0);
        fixed (float* from = input, to = sums, panels = _panels.Span)
        {
            if (_isWide)
            {
                Wide.Add(from, panels, _depth, _panelCount, to);
            }
            else
            {
                Portable.Add(from, panels, _depth, _panelCount, to);
            }
        }
    }

    private static void CheckRoom(int length, RowGrid grid, int rowCount, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, grid.Offset(rowCount - 1) + width);
    }
}
