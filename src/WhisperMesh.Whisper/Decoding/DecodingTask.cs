namespace WhisperMesh.Whisper.Decoding;

/// <summary>One decoding of one window.</summary>
/// <param name="Prompt">Everything before the text, ending with the task.</param>
/// <param name="StartOfTranscript">Where in the prompt the transcript starts: its logits tell language and silence.</param>
/// <param name="Positions">Audio positions of 20 ms in the window.</param>
/// <param name="MaxTokens">Stop there: the speech can't hold more.</param>
/// <param name="Temperature">0 for the most likely token.</param>
/// <param name="Seed">Starts the generator for sampling.</param>
/// <param name="Timestamps">Whether the text carries timestamps; without, the prompt ends with the mark that says so.</param>
/// <param name="BeamSize">Beams at temperature 0; 1 for the likeliest token at each step.</param>
/// <param name="BestOf">Texts drawn at a temperature above 0.</param>
internal sealed record DecodingTask(
    IReadOnlyList<int> Prompt,
    int StartOfTranscript,
    int Positions,
    int MaxTokens,
    float Temperature = 0,
    int Seed = 0,
    bool Timestamps = true,
    int BeamSize = 1,
    int BestOf = 1)
{
    /// <summary>Whether there is text before: then the rest of it may be none.</summary>
    public bool IsBegun { get; init; }

    /// <summary>Most rows that a step of it takes.</summary>
    public int Rows => Temperature > 0 ? BestOf : BeamSize;
}
