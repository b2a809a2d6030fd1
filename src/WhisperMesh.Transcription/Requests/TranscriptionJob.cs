using WhisperMesh.Audio;
using WhisperMesh.Transcription.Reuse;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>A configuration found valid.</summary>
internal sealed record TranscriptionJob(
    string RequestId, int Attempt, string Model, AudioFormat? AudioFormat, TranscriptionRequest Request)
{
    /// <summary>Whether each channel is transcribed by itself.</summary>
    public bool SeparateChannels { get; init; }

    /// <summary>What of the configuration counts only in part.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Under what its result may be kept; null: it may not.</summary>
    public ReuseKey? ReuseKey { get; init; }

    /// <summary>Whether the caller wants the bytes of each token.</summary>
    public bool TokenDetails { get; init; }
}
