namespace WhisperMesh.Whisper.Scheduling;

/// <summary>What a run of the model is for.</summary>
internal enum Stage
{
    Encoder,

    /// <summary>Reading what tells the language.</summary>
    Language,

    /// <summary>Reading what stands before the text.</summary>
    Prefill,

    /// <summary>Choosing the text, token by token.</summary>
    Decoder,

    /// <summary>Reading the text once more, to see where its words are.</summary>
    Alignment,
}

/// <summary>What the runs of a stage took a job. Written by the scheduler's thread.</summary>
internal struct StageTime
{
    public const int Count = (int)Stage.Alignment + 1;

    /// <summary>Time stamps of the first run's beginning and the last one's end, other jobs' runs between them included.</summary>
    public long Begin;
    public long End;

    /// <summary>The job's share.</summary>
    public TimeSpan Busy;

    /// <summary>Runs, and the rows in them, those of other jobs included.</summary>
    public int Steps;
    public long Rows;

    public void Add(long begin, long end, TimeSpan share, int rows)
    {
        Begin = Begin == 0 ? begin : Begin;
        End = end;
        Busy += share;
        Steps++;
        Rows += rows;
    }
}
