using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Vad;

/// <summary>
/// The magnitudes of four overlapping frames of each chunk. The weights are a windowed Fourier transform, whose cosines read the same
/// from both ends of a frame and whose sines the same but for the sign: folded in the middle, a frame takes half the products.
/// </summary>
internal sealed class SpectrumLayer
{
    public const int FramesPerChunk = 4;
    public const int BinCount = 129;

    /// <summary>Folded samples of a frame.</summary>
    public const int HalfLength = FrameLength / 2;

    /// <summary>Floats from one frame's folded samples, or its bins but the last, to the next's.</summary>
    public const int Stride = HalfLength;

    private const int FrameLength = 256;
    private const int FrameStep = 128;

    // The samples after a chunk that its last frame would need are those before its end, read backwards.
    private const int MirroredLength = ((FramesPerChunk - 1) * FrameStep) + FrameLength - SileroVad.RowLength;

    // Weights of a file that is not what it should be differ by far more; rounding to floats by far less.
    private const float Tolerance = 1e-5f;

    private static readonly RowGrid Frames = new(1, Stride);

    private readonly PackedMatrix _cosines;
    private readonly PackedMatrix _sines;
    private readonly float[] _highest = new float[HalfLength];

    /// <param name="basis">For each bin its cosines, then for each its sines: 258 rows of 256.</param>
    public SpectrumLayer(float[] basis)
    {
        float Cosine(int sample, int bin) => basis[(bin * FrameLength) + sample];
        float Sine(int sample, int bin) => basis[((BinCount + bin) * FrameLength) + sample];

        CheckFolds(Cosine, Sine);
        _cosines = new PackedMatrix(HalfLength, BinCount - 1, (input, output) => Cosine(input + 1, output), []);
        _sines = new PackedMatrix(HalfLength - 1, BinCount - 1, (input, output) => Sine(input + 1, output), []);
        for (var i = 0; i < HalfLength; i++)
        {
            _highest[i] = Cosine(i + 1, BinCount - 1);
        }
    }

    /// <summary>Writes the magnitudes of each chunk's frames.</summary>
    /// <param name="samples">Chunks one after another, with the context of the first before them.</param>
    /// <param name="chunkCount">Chunks.</param>
    /// <param name="scratch">Room for what lies between.</param>
    /// <param name="magnitudes">Where each frame's bins go.</param>
    /// <param name="grid">Their places.</param>
    public void Run(ReadOnlySpan<float> samples, int chunkCount, SileroScratch scratch, Span<float> magnitudes, RowGrid grid)
    {
        var frameCount = chunkCount * FramesPerChunk;
        for (var chunk = 0; chunk < chunkCount; chunk++)
        {
            Fold(samples.Slice(chunk * SileroVad.ChunkLength, SileroVad.RowLength), chunk * FramesPerChunk, scratch);
        }

        _cosines.Multiply(scratch.Even.Span, Frames, scratch.Real.Span, Frames, frameCount);
        _sines.Multiply(scratch.Odd.Span, Frames, scratch.Imaginary.Span, Frames, frameCount);
        var real = scratch.Real.Span[..(frameCount * Stride)];
        var imaginary = scratch.Imaginary.Span[..(frameCount * Stride)];
        TensorPrimitives.Multiply(real, real, real);
        TensorPrimitives.MultiplyAdd(imaginary, imaginary, real, real);
        for (var frame = 0; frame < frameCount; frame++)
        {
            var bins = magnitudes.Slice(grid.Offset(frame), BinCount);
            TensorPrimitives.Sqrt(real.Slice(frame * Stride, Stride), bins);
            bins[BinCount - 1] = MathF.Abs(TensorPrimitives.Dot(scratch.Even.Span.Slice(frame * Stride, Stride), _highest));
        }
    }

    private static void Fold(ReadOnlySpan<float> row, int firstFrame, SileroScratch scratch)
    {
        Span<float> last = stackalloc float[FrameLength];
        row[((FramesPerChunk - 1) * FrameStep)..].CopyTo(last);
        var mirrored = last[(FrameLength - MirroredLength)..];
        row.Slice(SileroVad.RowLength - 1 - MirroredLength, MirroredLength).CopyTo(mirrored);
        mirrored.Reverse();

        Span<float> backwards = stackalloc float[HalfLength - 1];
        for (var i = 0; i < FramesPerChunk; i++)
        {
            var frame = i == FramesPerChunk - 1 ? last : row.Slice(i * FrameStep, FrameLength);
            var forwards = frame[1..HalfLength];
            frame[(HalfLength + 1)..].CopyTo(backwards);
            backwards.Reverse();
            var at = (firstFrame + i) * Stride;
            TensorPrimitives.Add(forwards, backwards, scratch.Even.Span[at..]);
            TensorPrimitives.Subtract(forwards, backwards, scratch.Odd.Span[at..]);
            scratch.Even.Span[at + HalfLength - 1] = frame[HalfLength];
        }
    }

    private static void CheckFolds(Func<int, int, float> cosine, Func<int, int, float> sine)
    {
        for (var bin = 0; bin < BinCount; bin++)
        {
            // The first sample has no partner and no weight, the middle one no sine; the highest bin has no sines at all.
            var error = MathF.Max(MathF.Abs(cosine(0, bin)), MathF.Max(MathF.Abs(sine(0, bin)), MathF.Abs(sine(HalfLength, bin))));
            for (var i = 1; i < HalfLength; i++)
            {
                error = MathF.Max(error, MathF.Abs(cosine(i, bin) - cosine(FrameLength - i, bin)));
                error = MathF.Max(error, MathF.Abs(sine(i, bin) + sine(FrameLength - i, bin)));
                error = bin == BinCount - 1 ? MathF.Max(error, MathF.Abs(sine(i, bin))) : error;
            }

            if (!(error <= Tolerance))
            {
                throw new InvalidDataException("Its first layer is no windowed Fourier transform.");
            }
        }
    }
}
