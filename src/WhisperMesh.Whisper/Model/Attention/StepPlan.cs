namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// One step of the decoder: which rows take part, what they read, and after which tokens logits are wanted. Reused from step to
/// step by one thread, over pinned memory that the session reads.
/// </summary>
internal sealed class StepPlan(int maxTokens, int maxLogits)
{
    private readonly List<PlannedRow> _rows = [];

    public IReadOnlyList<PlannedRow> Rows => _rows;

    public int TokenCount { get; private set; }

    public int LogitCount { get; private set; }

    /// <summary>Tokens that still find room.</summary>
    public int FreeTokens => maxTokens - TokenCount;

    /// <summary>Rows of logits that still find room.</summary>
    public int FreeLogits => maxLogits - LogitCount;

    internal long[] Tokens { get; } = GC.AllocateArray<long>(maxTokens, pinned: true);

    internal long[] Positions { get; } = GC.AllocateArray<long>(maxTokens, pinned: true);

    internal long[] LogitsAt { get; } = GC.AllocateArray<long>(maxLogits, pinned: true);

    public void Clear()
    {
        _rows.Clear();
        TokenCount = LogitCount = 0;
    }

    /// <summary>Adds a row that reads tokens.</summary>
    public void Add(CrossMemory audio, SelfMemory past, ReadOnlySpan<int> tokens, AlignmentScores? scores = null)
    {
        past.Reserve(tokens.Length);
        _rows.Add(new PlannedRow(audio, past, TokenCount, tokens.Length, scores));
        for (var i = 0; i < tokens.Length; i++)
        {
            Tokens[TokenCount] = tokens[i];
            Positions[TokenCount++] = past.Length + i;
        }
    }

    /// <summary>Asks for the logits after a token of the row added last; gives the number of their row.</summary>
    public int WantLogits(int token)
    {
        LogitsAt[LogitCount] = _rows[^1].First + token;
        return LogitCount++;
    }

    /// <summary>The step has been run: its tokens are past.</summary>
    public void Advance()
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            _rows[i].Past.Advance(_rows[i].Count);
        }
    }
}

/// <summary>A row in a step: its tokens are [First, First + Count) of the step's.</summary>
internal readonly record struct PlannedRow(CrossMemory Audio, SelfMemory Past, int First, int Count, AlignmentScores? Scores);
