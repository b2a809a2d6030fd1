namespace WhisperMesh.Audio;

/// <summary>
/// How likely each moment of one stream is speech, as soon as it is heard: what <see cref="VoiceActivityDetector"/> makes spans of.
/// Not thread-safe: one a stream, over a shared model.
/// </summary>
public sealed class SpeechMeter
{
    private readonly SileroVad _model;
    private readonly float[] _hidden = new float[SileroVad.StateLength];
    private readonly float[] _cell = new float[SileroVad.StateLength];
    private readonly float[] _samples = new float[SileroVad.RowLength];

    public SpeechMeter(SileroVad model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <summary>Hears the next <see cref="SileroVad.ChunkLength"/> samples; gives their probability of speech.</summary>
    public float Hear(ReadOnlySpan<float> chunk)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(chunk.Length, SileroVad.ChunkLength);
        // The network hears each chunk with the end of the one before it.
        _samples.AsSpan(SileroVad.ChunkLength).CopyTo(_samples);
        chunk.CopyTo(_samples.AsSpan(SileroVad.ContextLength));
        Span<float> probability = [0];
        _model.Run(_samples, _hidden, _cell, probability);
        return probability[0];
    }

    /// <summary>Forgets all that was heard.</summary>
    public void Reset()
    {
        Array.Clear(_hidden);
        Array.Clear(_cell);
        Array.Clear(_samples);
    }
}
