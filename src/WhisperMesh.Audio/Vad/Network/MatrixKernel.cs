namespace WhisperMesh.Audio.Vad;

/// <summary>
/// The loops of a product with weights that are packed in panels: the outputs that two registers hold, for one input after another.
/// </summary>
internal static unsafe class MatrixKernel<TVector, TLanes>
    where TVector : struct
    where TLanes : ILanes<TVector>
{
    /// <summary>Panels that <see cref="Add"/> takes side by side: eight sums, as many as hide the latency of an addition.</summary>
    public const int PanelsAtOnce = 4;

    private const int PanelRegisters = 2;

    // Six vectors by two registers make twelve sums: enough to hide the latency too, few enough for the sixteen registers of AVX2
    // beside what is loaded.
    private const int TileRows = 6;

    /// <summary>Outputs in a panel.</summary>
    public static int PanelWidth => PanelRegisters * TLanes.Count;

    /// <summary>Multiplies each vector with all panels. Results below <paramref name="least"/> become it.</summary>
    public static void Multiply(
        float* input,
        RowGrid inputGrid,
        float* output,
        RowGrid outputGrid,
        int rowCount,
        float* panels,
        int depth,
        int panelCount,
        float* bias,
        float least)
    {
        var from = stackalloc float*[TileRows];
        var to = stackalloc float*[TileRows];
        for (var panel = 0; panel < panelCount; panel++)
        {
            var at = panel * PanelWidth;
            for (var row = 0; row < rowCount; row += TileRows)
            {
                for (var i = 0; i < TileRows; i++)
                {
                    // A tile that is not full does its last row more than once, to the same end.
                    var source = Math.Min(row + i, rowCount - 1);
                    from[i] = input + inputGrid.Offset(source);
                    to[i] = output + outputGrid.Offset(source) + at;
                }

                Tile(from, panels + ((nint)at * depth), depth, bias + at, least, to);
            }
        }
    }

    /// <summary>Adds the product of one vector with all panels to <paramref name="sums"/>.</summary>
    public static void Add(float* input, float* panels, int depth, int panelCount, float* sums)
    {
        for (var panel = 0; panel < panelCount; panel += PanelsAtOnce)
        {
            var at = panel * PanelWidth;
            Row(input, panels + ((nint)at * depth), depth, sums + at);
        }
    }

    private static void Tile(float** from, float* weights, int depth, float* bias, float least, float** to)
    {
        var second = TLanes.Count;
        float* from0 = from[0], from1 = from[1], from2 = from[2], from3 = from[3], from4 = from[4], from5 = from[5];
        TVector sum00 = TLanes.Load(bias), sum01 = TLanes.Load(bias + second);
        TVector sum10 = sum00, sum11 = sum01, sum20 = sum00, sum21 = sum01, sum30 = sum00, sum31 = sum01;
        TVector sum40 = sum00, sum41 = sum01, sum50 = sum00, sum51 = sum01;
        for (nint i = 0; i < depth; i++)
        {
            var weight0 = TLanes.Load(weights);
            var weight1 = TLanes.Load(weights + second);
            weights += PanelRegisters * second;
            var value = TLanes.Fill(from0[i]);
            sum00 = TLanes.MultiplyAdd(value, weight0, sum00);
            sum01 = TLanes.MultiplyAdd(value, weight1, sum01);
            value = TLanes.Fill(from1[i]);
            sum10 = TLanes.MultiplyAdd(value, weight0, sum10);
            sum11 = TLanes.MultiplyAdd(value, weight1, sum11);
            value = TLanes.Fill(from2[i]);
            sum20 = TLanes.MultiplyAdd(value, weight0, sum20);
            sum21 = TLanes.MultiplyAdd(value, weight1, sum21);
            value = TLanes.Fill(from3[i]);
            sum30 = TLanes.MultiplyAdd(value, weight0, sum30);
            sum31 = TLanes.MultiplyAdd(value, weight1, sum31);
            value = TLanes.Fill(from4[i]);
            sum40 = TLanes.MultiplyAdd(value, weight0, sum40);
            sum41 = TLanes.MultiplyAdd(value, weight1, sum41);
            value = TLanes.Fill(from5[i]);
            sum50 = TLanes.MultiplyAdd(value, weight0, sum50);
            sum51 = TLanes.MultiplyAdd(value, weight1, sum51);
        }

        var floor = TLanes.Fill(least);
        StorePair(sum00, sum01, floor, to[0]);
        StorePair(sum10, sum11, floor, to[1]);
        StorePair(sum20, sum21, floor, to[2]);
        StorePair(sum30, sum31, floor, to[3]);
        StorePair(sum40, sum41, floor, to[4]);
        StorePair(sum50, sum51, floor, to[5]);
    }

    private static void StorePair(TVector first, TVector second, TVector floor, float* to)
    {
        TLanes.Store(TLanes.Max(first, floor), to);
        TLanes.Store(TLanes.Max(second, floor), to + TLanes.Count);
    }

    private static void Row(float* from, float* weights, int depth, float* sums)
    {
        var lanes = TLanes.Count;
        var panel = (nint)depth * PanelRegisters * lanes;
        TVector sum0 = TLanes.Load(sums), sum1 = TLanes.Load(sums + lanes);
        TVector sum2 = TLanes.Load(sums + (2 * lanes)), sum3 = TLanes.Load(sums + (3 * lanes));
        TVector sum4 = TLanes.Load(sums + (4 * lanes)), sum5 = TLanes.Load(sums + (5 * lanes));
        TVector sum6 = TLanes.Load(sums + (6 * lanes)), sum7 = TLanes.Load(sums + (7 * lanes));
        for (nint i = 0; i < depth; i++)
        {
            var value = TLanes.Fill(from[i]);
            sum0 = TLanes.MultiplyAdd(value, TLanes.Load(weights), sum0);
            sum1 = TLanes.MultiplyAdd(value, TLanes.Load(weights + lanes), sum1);
            sum2 = TLanes.MultiplyAdd(value, TLanes.Load(weights + panel), sum2);
            sum3 = TLanes.MultiplyAdd(value, TLanes.Load(weights + panel + lanes), sum3);
            sum4 = TLanes.MultiplyAdd(value, TLanes.Load(weights + (2 * panel)), sum4);
            sum5 = TLanes.MultiplyAdd(value, TLanes.Load(weights + (2 * panel) + lanes), sum5);
            sum6 = TLanes.MultiplyAdd(value, TLanes.Load(weights + (3 * panel)), sum6);
            sum7 = TLanes.MultiplyAdd(value, TLanes.Load(weights + (3 * panel) + lanes), sum7);
            weights += PanelRegisters * lanes;
        }

        TLanes.Store(sum0, sums);
        TLanes.Store(sum1, sums + lanes);
        TLanes.Store(sum2, sums + (2 * lanes));
        TLanes.Store(sum3, sums + (3 * lanes));
        TLanes.Store(sum4, sums + (4 * lanes));
        TLanes.Store(sum5, sums + (5 * lanes));
        TLanes.Store(sum6, sums + (6 * lanes));
        TLanes.Store(sum7, sums + (7 * lanes));
    }
}
