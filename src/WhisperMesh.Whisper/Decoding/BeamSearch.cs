using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Keeps the likeliest texts of each length, as the Whisper authors do: of each text its best continuations, one more than there are
/// beams, are ranked together; texts that end are put aside, and the search is over when there are as many as beams (patience 1). The
/// best is the one with the highest log probability per token.
/// </summary>
internal sealed class BeamSearch : IDecodingSearch
{
    private readonly int _size;
    private readonly ControlTokens _control;
    private readonly DecodingTask _task;
    private readonly TokenFilter _filter;
    private readonly TopTokens _top;
    private readonly Continuation[] _ranked;
    private readonly List<TokenSequence> _ended = [];
    private TokenSequence[] _beams;
    private TokenSequence[] _grown;
    private TokenSequence? _loop;
    private int _count = 1;

    public BeamSearch(DecodingTask task, ControlTokens control)
    {
        (_size, _task, _control) = (task.BeamSize, task, control);
        _filter = new TokenFilter(task, control);
        _top = new TopTokens(_size + 1);
        _ranked = new Continuation[_size * (_size + 1)];
        _beams = Sequences();
        _grown = Sequences();
    }

    public DecodedText Result => Best().ToText();

    public void Advance(LogitRows logits, List<RowStep> next)
    {
        var ranked = Rank(logits);
        var kept = 0;
        for (var i = 0; i < ranked.Length && kept < _size; i++)
        {
            var continuation = ranked[i];
            if (continuation.Token == _control.EndOfText)
            {
                End(continuation);
                continue;
            }
            var grown = _grown[kept];
            grown.CopyFrom(_beams[continuation.Row]);
            grown.Add(continuation.Token, continuation.LogProbability);
            if (grown.IsLoop)
            {
                // Others may find their way out; it is kept for the case that none does.
                KeepLoop(grown);
                continue;
            }
            next.Add(new RowStep(continuation.Row, continuation.Token));
            kept++;
        }
        (_beams, _grown, _count) = (_grown, _beams, kept);
        if (_ended.Count >= _size || kept > 0 && _beams[0].Finished)
        {
            next.Clear();
        }
    }

    /// <summary>All continuations worth a look, best first.</summary>
    private ReadOnlySpan<Continuation> Rank(LogitRows logits)
    {
        var count = 0;
        for (var row = 0; row < _count; row++)
        {
            var allowed = _filter.Read(logits[row], _beams[row].Tokens);
            allowed.Top(_top);
            for (var rank = 0; rank < _top.Count; rank++)
            {
                var token = _top[rank].Token;
                var logProbability = allowed.LogProbability(token);
                _ranked[count++] = new Continuation(row, rank, token, logProbability, _beams[row].Sum + logProbability);
            }
        }
        var ranked = _ranked.AsSpan(0, count);
        ranked.Sort(static (a, b) =>
        {
            var order = b.Sum.CompareTo(a.Sum);
            order = order != 0 ? order : a.Row.CompareTo(b.Row);
            return order != 0 ? order : a.Rank.CompareTo(b.Rank);
        });
        return ranked;
    }

    private void End(Continuation continuation)
    {
        if (_ended.Count < _size)
        {
            var ended = new TokenSequence(_task.MaxTokens, _control);
            ended.CopyFrom(_beams[continuation.Row]);
            ended.Add(continuation.Token, continuation.LogProbability);
            _ended.Add(ended);
        }
    }

    private void KeepLoop(TokenSequence loop)
    {
        if (_loop is null)
        {
            _loop = new TokenSequence(_task.MaxTokens, _control);
            _loop.CopyFrom(loop);
        }
    }

    private TokenSequence Best()
    {
        TokenSequence? best = null;
        for (var i = 0; i < _size; i++)
        {
            // Beams fill up what has not ended; they are sorted.
            var sequence = i < _ended.Count ? _ended[i] : i - _ended.Count < _count ? _beams[i - _ended.Count] : null;
            if (sequence is not null && (best is null || Rating(sequence) > Rating(best)))
            {
                best = sequence;
            }
        }
        return best ?? _loop ?? _beams[0];
    }

    private static double Rating(TokenSequence sequence) => sequence.Sum / Math.Max(1, sequence.Tokens.Length);

    private TokenSequence[] Sequences()
    {
        var sequences = new TokenSequence[_size];
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i] = new TokenSequence(_task.MaxTokens, _control);
        }
        return sequences;
    }

    private readonly record struct Continuation(int Row, int Rank, int Token, float LogProbability, double Sum);
}
