namespace WhisperMesh.Transcription.Models;

/// <summary>What bounds the models in memory.</summary>
/// <param name="MemoryBytes">Memory of all together.</param>
/// <param name="IdleTime">How long one stays unused; zero for ever.</param>
/// <param name="LoadTimeout">How long a request waits for its model.</param>
internal sealed record ModelLimits(long MemoryBytes, TimeSpan IdleTime, TimeSpan LoadTimeout)
{
    public static ModelLimits Read(TranscriptionOptions options) => new(
        // The memory that the process may use: the machine's, or less where a container sets a limit.
        options.ModelMemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2,
        options.ModelIdleTime,
        options.ModelLoadTimeout);
}
