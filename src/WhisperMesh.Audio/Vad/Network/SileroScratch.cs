namespace WhisperMesh.Audio.Vad;

/// <summary>What lies between the layers for one batch of chunks. Frames of silence that a layer needs beside a chunk stay zero.</summary>
internal sealed class SileroScratch
{
    private const int Chunks = SileroNetwork.BatchSize;
    private const int Frames = Chunks * SpectrumLayer.FramesPerChunk * SpectrumLayer.Stride;

    public AlignedFloats Even { get; } = new(Frames);

    public AlignedFloats Odd { get; } = new(Frames);

    public AlignedFloats Real { get; } = new(Frames);

    public AlignedFloats Imaginary { get; } = new(Frames);

    public AlignedFloats Magnitudes { get; } = new(Chunks * SileroNetwork.Magnitudes.ChunkStride);

    public AlignedFloats First { get; } = new(Chunks * SileroNetwork.FirstPadded.ChunkStride);

    public AlignedFloats Second { get; } = new(Chunks * SileroNetwork.Second.ChunkStride);

    public AlignedFloats Third { get; } = new(Chunks * SileroNetwork.Third.ChunkStride);

    public AlignedFloats Fourth { get; } = new(Chunks * SileroNetwork.Fourth.ChunkStride);

    public AlignedFloats Gates { get; } = new(Chunks * LstmLayer.GateCount);
}
