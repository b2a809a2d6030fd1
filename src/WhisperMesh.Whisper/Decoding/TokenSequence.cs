using System.Runtime.InteropServices;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// The text of one window as it grows: logits in, token out. It knows nothing of sessions, so a step may come from a run of its own
/// or from a row of a batch.
/// </summary>
internal sealed class TokenSequence(DecodingTask task, ControlTokens control)
{
    private readonly List<int> _tokens = [];
    private readonly List<float> _logProbabilities = [];
    private readonly Random _random = new(task.Seed);
    private double _sum;

    /// <summary>Tokens so far, without prompt and end.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    public IReadOnlyList<float> LogProbabilities => _logProbabilities;

    public bool Finished { get; private set; }

    /// <summary>The model ended the text; otherwise it was cut off.</summary>
    public bool EndedByModel { get; private set; }

    /// <summary>Over the tokens and the end of text, as the Whisper authors count it.</summary>
    public float AverageLogProbability => (float)(_sum / (_tokens.Count + 1));

    /// <summary>Takes the next token from the logits, which are changed on the way.</summary>
    public int Take(Span<float> logits)
    {
        Filter(logits);
        var token = task.Temperature > 0
            ? Logits.Sample(logits, task.Temperature, _random)
            : Logits.Best(logits);
        var logProbability = logits[token] - Logits.LogSumExp(logits);
        _sum += logProbability;
        if (token == control.EndOfText)
        {
            (Finished, EndedByModel) = (true, true);
            return token;
        }
        _tokens.Add(token);
        _logProbabilities.Add(logProbability);
        Finished = _tokens.Count >= task.MaxTokens;
        return token;
    }

    private void Filter(Span<float> logits)
    {
        foreach (var token in control.Suppressed)
        {
            logits[token] = float.NegativeInfinity;
        }
        // No marks within the text, whether the configuration lists them or not.
        logits[(control.EndOfText + 1)..control.FirstTimestamp].Fill(float.NegativeInfinity);
        if (task.Timestamps)
        {
            var lastTimestamp = control.FirstTimestamp + task.Positions;
            TimestampRules.Apply(logits, CollectionsMarshal.AsSpan(_tokens), control, lastTimestamp);
            return;
        }
        logits[control.FirstTimestamp..].Fill(float.NegativeInfinity);
        foreach (var token in _tokens.Count == 0 ? control.SuppressedAtBegin : [])
        {
            logits[token] = float.NegativeInfinity;
        }
    }
}
