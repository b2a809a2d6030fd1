using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>The likeliest token at each step.</summary>
internal sealed class GreedySearch(DecodingTask task, ControlTokens control) : IDecodingSearch
{
    private readonly TokenFilter _filter = new(task, control);
    private readonly TokenSequence _sequence = new(task.MaxTokens, control);

    public DecodedText Result => _sequence.ToText();

    public void Advance(LogitRows logits, List<RowStep> next)
    {
        var allowed = _filter.Read(logits[0], _sequence.Tokens);
        var token = allowed.Best;
        _sequence.Add(token, allowed.LogProbability(token));
        if (!_sequence.Finished)
        {
            next.Add(new RowStep(0, token));
        }
    }
}
