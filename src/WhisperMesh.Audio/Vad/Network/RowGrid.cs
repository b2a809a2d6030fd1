namespace WhisperMesh.Audio.Vad;

/// <summary>
/// Where the vectors of a batch lie that a layer takes or gives: several for each chunk of audio, one frame apart. Vectors may
/// overlap, which makes a convolution over frames a plain product with a matrix.
/// </summary>
/// <param name="PerChunk">Vectors for each chunk.</param>
/// <param name="ChunkStride">Floats from the first vector of a chunk to that of the next.</param>
/// <param name="Stride">Floats from a vector to the next of the same chunk.</param>
internal readonly record struct RowGrid(int PerChunk, int ChunkStride, int Stride = 0)
{
    public int Offset(int row) => (row / PerChunk * ChunkStride) + (row % PerChunk * Stride);
}
