namespace WhisperMesh.Whisper;

/// <summary>What a model has done since it was loaded, and what it is about.</summary>
/// <param name="Encoding">Runs of the encoder.</param>
/// <param name="Decoding">Steps of the decoder.</param>
/// <param name="Search">Choosing tokens.</param>
/// <param name="Windows">Windows encoded.</param>
/// <param name="Steps">Decoder steps.</param>
/// <param name="Rows">Rows of all steps; over <paramref name="Steps"/>, the mean size of the batch.</param>
/// <param name="Tokens">Tokens read, prompts included.</param>
/// <param name="ActiveRows">Rows being decoded.</param>
/// <param name="QueuedAudio">Audio of the windows that wait or are worked on.</param>
/// <param name="BytesInUse">Memory of windows and rows.</param>
/// <param name="PeakBytes">The most that was in use at once.</param>
public sealed record EngineStatistics(
    TimeSpan Encoding, TimeSpan Decoding, TimeSpan Search, long Windows, long Steps, long Rows, long Tokens,
    int ActiveRows, TimeSpan QueuedAudio, long BytesInUse, long PeakBytes);
