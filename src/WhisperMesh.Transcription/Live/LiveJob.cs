using WhisperMesh.Audio;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Transcription.Live;

/// <summary>The configuration of a live stream, found valid.</summary>
internal sealed record LiveJob(string RequestId, int Attempt, string Model, AudioFormat Format, LiveOptions Options)
{
    /// <summary>Byte from which audio is to come; null where the engine's place says it.</summary>
    public long? Position { get; init; }

    /// <summary>Whether the caller wants committed words only.</summary>
    public bool OmitsTentative { get; init; }

    /// <summary>What of the configuration counts only in part.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
