namespace WhisperMesh.Audio;

/// <summary>A stretch of speech, in samples from the start of the stream; <paramref name="End"/> is the first sample after it.</summary>
public readonly record struct SpeechSpan(long Start, long End)
{
    public long Length => End - Start;
}
