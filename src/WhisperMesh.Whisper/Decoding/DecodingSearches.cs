using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Picks the search that a task asks for.</summary>
internal static class DecodingSearches
{
    public static IDecodingSearch Create(DecodingTask task, ControlTokens control) => task switch
    {
        { Temperature: > 0 } => new SamplingSearch(task, control),
        { BeamSize: > 1 } => new BeamSearch(task, control),
        _ => new GreedySearch(task, control),
    };
}
