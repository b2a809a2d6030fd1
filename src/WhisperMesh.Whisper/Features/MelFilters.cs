namespace WhisperMesh.Whisper.Features;

/// <summary>The 80 triangular Slaney filters over 0–8000 Hz, stored without their zeros.</summary>
internal sealed class MelFilters
{
    public const int Count = 80;

    private const double HzPerLinearMel = 200.0 / 3;
    private const double LogStartHz = 1000;
    private const double LogStartMel = LogStartHz / HzPerLinearMel;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    private readonly int[] _firstBin = new int[Count];
    private readonly float[][] _weights = new float[Count][];

    public MelFilters(int sampleRateHz, int fftSize)
    {
        var topMel = ToMel(sampleRateHz / 2.0);
        var edges = new double[Count + 2];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = ToHz(topMel * i / (Count + 1));
        }
        for (var filter = 0; filter < Count; filter++)
        {
            Build(filter, edges.AsSpan(filter, 3), (double)sampleRateHz / fftSize, fftSize / 2 + 1);
        }
    }

    public int FirstBin(int filter) => _firstBin[filter];

    public ReadOnlySpan<float> Weights(int filter) => _weights[filter];

    private void Build(int filter, ReadOnlySpan<double> edges, double hzPerBin, int bins)
    {
        // Slaney's normalisation: each filter has the same area.
        var norm = 2 / (edges[2] - edges[0]);
        var weights = new List<float>();
        for (var bin = 0; bin < bins; bin++)
        {
            var hz = bin * hzPerBin;
            var rise = (hz - edges[0]) / (edges[1] - edges[0]);
            var fall = (edges[2] - hz) / (edges[2] - edges[1]);
            var weight = Math.Min(rise, fall) * norm;
            if (weight <= 0)
            {
                continue;
            }
            if (weights.Count == 0)
            {
                _firstBin[filter] = bin;
            }
            weights.Add((float)weight);
        }
        _weights[filter] = [.. weights];
    }

    private static double ToMel(double hz) =>
        hz < LogStartHz ? hz / HzPerLinearMel : LogStartMel + Math.Log(hz / LogStartHz) / LogStep;

    private static double ToHz(double mel) =>
        mel < LogStartMel ? mel * HzPerLinearMel : LogStartHz * Math.Exp((mel - LogStartMel) * LogStep);
}
