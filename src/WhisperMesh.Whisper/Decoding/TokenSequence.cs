using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>The text of one row as it grows; its memory is taken once.</summary>
internal sealed class TokenSequence(int maxTokens, ControlTokens control)
{
    private readonly int[] _tokens = new int[Math.Max(1, maxTokens)];
    private readonly float[] _logProbabilities = new float[Math.Max(1, maxTokens)];
    private int _count;

    /// <summary>Tokens so far, without prompt and end.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Log probability of the whole, the end included once it has come.</summary>
    public double Sum { get; private set; }

    public bool Finished { get; private set; }

    /// <summary>The model ended the text; otherwise it was cut off.</summary>
    public bool EndedByModel { get; private set; }

    /// <summary>It was cut off because it went in circles.</summary>
    public bool IsLoop { get; private set; }

    /// <summary>Over the tokens and the end of text, as the Whisper authors count it.</summary>
    public float AverageLogProbability => (float)(Sum / (_count + 1));

    public void Add(int token, float logProbability)
    {
        Sum += logProbability;
        if (token == control.EndOfText)
        {
            (Finished, EndedByModel) = (true, true);
            return;
        }
        _tokens[_count] = token;
        _logProbabilities[_count++] = logProbability;
        IsLoop = LoopGuard.IsLooping(Tokens, control.FirstTimestamp);
        Finished = IsLoop || _count == _tokens.Length;
    }

    public void CopyFrom(TokenSequence other)
    {
        other.Tokens.CopyTo(_tokens);
        other._logProbabilities.AsSpan(0, other._count).CopyTo(_logProbabilities);
        (_count, Sum, Finished, EndedByModel, IsLoop) = (other._count, other.Sum, other.Finished, other.EndedByModel, other.IsLoop);
    }

    /// <summary>The result; the no-speech probability, which only the prompt's logits tell, is left at 0.</summary>
    public DecodedText ToText() => new(_tokens[.._count], _logProbabilities[.._count], AverageLogProbability, 0, EndedByModel)
    {
        Repeats = IsLoop || LoopGuard.HasLoop(Tokens, control.FirstTimestamp),
    };
}
