namespace WhisperMesh.Whisper.Model;

/// <summary>
/// Self-attention keys and values of one sequence in memory we own. A step reads the past from one half and writes past and present
/// to the other, so growing needs no copy: the half to be written is simply made larger. Not thread-safe.
/// </summary>
internal sealed class DecoderCache(ModelDimensions dimensions)
{
    private const int StartPositions = 64;

    private readonly int _tensors = 2 * dimensions.Layers;
    private readonly int _floatsPerPosition = dimensions.Heads * dimensions.HeadSize;
    private float[] _past = [];
    private float[] _present = [];

    /// <summary>Tokens seen so far.</summary>
    public int Length { get; private set; }

    public void Clear() => Length = 0;

    /// <summary>What has been seen, for tensor k.0, v.0, k.1, ... by number.</summary>
    public Memory<float> Past(int tensor) => Slice(_past, tensor, Length);

    /// <summary>Where the step that adds <paramref name="added"/> tokens writes.</summary>
    public Memory<float> Present(int tensor, int added) => Slice(_present, tensor, Length + added);

    public void Reserve(int added)
    {
        var positions = Length + added;
        if (_past.Length == 0)
        {
            _past = Allocate(StartPositions);
        }
        if (_present.Length < positions * _floatsPerPosition * _tensors)
        {
            _present = Allocate(Math.Max(StartPositions, 2 * positions));
        }
    }

    /// <summary>The present becomes the past.</summary>
    public void Advance(int added)
    {
        Length += added;
        (_past, _present) = (_present, _past);
    }

    private Memory<float> Slice(float[] half, int tensor, int positions)
    {
        var size = positions * _floatsPerPosition;
        return half.AsMemory(tensor * size, size);
    }

    // Pinned, so that handing it to native code costs nothing.
    private float[] Allocate(int positions) =>
        GC.AllocateUninitializedArray<float>(positions * _floatsPerPosition * _tensors, pinned: true);
}
