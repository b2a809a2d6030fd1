using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Draws several texts at a temperature and keeps the likeliest. A row leaves the batch when its text has ended. Texts depend on the
/// seed alone: each has a generator of its own.
/// </summary>
internal sealed class SamplingSearch : IDecodingSearch
{
    private readonly DecodingTask _task;
    private readonly TokenFilter _filter;
    private readonly TokenSequence[] _sequences;
    private readonly Random[] _randoms;

    // The text that each row of the last step grows; at first all texts have the one row that read the prompt.
    private readonly List<int> _rows = [];

    public SamplingSearch(DecodingTask task, ControlTokens control)
    {
        _task = task;
        _filter = new TokenFilter(task, control);
        _sequences = new TokenSequence[task.BestOf];
        _randoms = new Random[task.BestOf];
        for (var i = 0; i < task.BestOf; i++)
        {
            _sequences[i] = new TokenSequence(task.MaxTokens, control);
            _randoms[i] = new Random(unchecked(task.Seed + i * (int)0x9E3779B9));
            _rows.Add(i);
        }
    }

    public DecodedText Result => Best().ToText();

    public void Advance(LogitRows logits, List<RowStep> next)
    {
        var (isFirst, going) = (logits.Count < _rows.Count, 0);
        for (var i = 0; i < _rows.Count; i++)
        {
            var (parent, index) = (isFirst ? 0 : i, _rows[i]);
            var sequence = _sequences[index];
            var allowed = _filter.Read(logits[parent], sequence.Tokens);
            var token = allowed.Draw(_task.Temperature, _randoms[index]);
            sequence.Add(token, allowed.LogProbability(token));
            if (!sequence.Finished)
            {
                next.Add(new RowStep(parent, token));
                _rows[going++] = index;
            }
        }
        _rows.RemoveRange(going, _rows.Count - going);
    }

    /// <summary>A loop is likely word by word, so what ended by itself goes first.</summary>
    private TokenSequence Best()
    {
        var best = _sequences[0];
        foreach (var sequence in _sequences)
        {
            if (sequence.EndedByModel == best.EndedByModel
                ? sequence.AverageLogProbability > best.AverageLogProbability
                : sequence.EndedByModel)
            {
                best = sequence;
            }
        }
        return best;
    }
}
