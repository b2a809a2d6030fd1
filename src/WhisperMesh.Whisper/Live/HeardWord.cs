namespace WhisperMesh.Whisper.Live;

/// <summary>A word that a pass has heard, at its place on the stream in samples.</summary>
internal sealed record HeardWord(string Text, long Start, long End, float Probability)
{
    /// <summary>The model's tokens of it.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Log probability of each.</summary>
    public IReadOnlyList<float> LogProbabilities { get; init; } = [];

    public long Middle => Start + (End - Start) / 2;

    public LiveWord OnStream() => new(Text, LiveTime.Of(Start), LiveTime.Of(End) - LiveTime.Of(Start), Probability);
}
