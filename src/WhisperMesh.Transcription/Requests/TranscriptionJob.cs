using WhisperMesh.Audio;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Requests;

/// <summary>A configuration found valid.</summary>
internal sealed record TranscriptionJob(
    string RequestId, int Attempt, string Model, AudioFormat? AudioFormat, TranscriptionRequest Request);
