using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Benchmarks.Steps;

/// <summary>The rows of a decoder step, all alike: what both graphs can run.</summary>
/// <param name="Rows">Rows that read a token each.</param>
/// <param name="Positions">Audio positions of 20 ms that each row's window has.</param>
internal sealed record StepShape(int Rows, int Positions)
{
    /// <summary>Tokens read before.</summary>
    public const int Past = 20;

    public const int Token = 300;

    public static ModelDimensions Dimensions { get; } = new(Layers: 6, Heads: 8, HeadSize: 64, Vocabulary: 51865, TextPositions: 448);

    // Eight bits and a scale for each 64: see the limits in the README.
    private const double WeightBytes = 51e6;

    private static int Numbers => 2 * Dimensions.Layers * Dimensions.Heads * Dimensions.HeadSize;

    /// <summary>
    /// What the model folder's graph reads: keys and values of the audio as 32-bit floats, those of the text twice, to lengthen them and
    /// to use them.
    /// </summary>
    public double OriginalBytes => WeightBytes + (double)Rows * Numbers * sizeof(float) * (Positions + 2 * Past);

    /// <summary>What ours reads: keys and values of the audio as 16-bit floats, those of the text as 32-bit ones.</summary>
    public double OwnBytes =>
        WeightBytes + Rows * ((double)CrossMemory.ByteCount(Dimensions, Positions) + Past * Numbers * sizeof(float));
}
