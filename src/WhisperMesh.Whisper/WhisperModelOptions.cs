namespace WhisperMesh.Whisper;

/// <summary>How a model is loaded, and how much it works on at once.</summary>
public sealed record WhisperModelOptions
{
    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>. The shipped graphs use kernels that only the CPU has.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads of one run; 0 for as many as the machine has physical cores.</summary>
    public int Threads { get; init; }

    /// <summary>The name the model goes by; null for the name of its folder.</summary>
    public string? Name { get; init; }

    /// <summary>Rows that share a decoder step, 16 to 128. A row is a window being decoded, a beam or a sample of one.</summary>
    public int Rows { get; init; } = 16;

    /// <summary>
    /// Memory for windows and rows, in bytes. A window takes 12 KB for each 20 ms of whisper-base, a row 24 KB for each token.
    /// </summary>
    public long RowMemoryBytes { get; init; } = 512L << 20;

    /// <summary>
    /// Longest stretch of speech in a window, 5 to 27 s. Longer ones cost more, since attention grows with the square, and were no
    /// better: 12, 15, 18 and 25 s gave 7.7, 7.2, 7.6 and 7.5 errors in 100 words.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Audio that may wait; a request that comes when more does is refused.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromMinutes(30);

    internal void Check()
    {
        CheckRange(Threads is >= 0 and <= 1024, nameof(Threads), "0 to 1024");
        CheckRange(Rows is >= TranscriptionRequest.MaxRows and <= 128, nameof(Rows), "16 to 128");
        CheckRange(RowMemoryBytes >= 32L << 20, nameof(RowMemoryBytes), "32 MiB or more");
        CheckRange(Window >= TimeSpan.FromSeconds(5) && Window <= TimeSpan.FromSeconds(27), nameof(Window), "5 to 27 s");
        CheckRange(QueueLimit > TimeSpan.Zero, nameof(QueueLimit), "more than nothing");
    }

    private static void CheckRange(bool holds, string field, string range)
    {
        if (!holds)
        {
            throw new WhisperException(WhisperErrorReason.FieldInvalid, $"{field} of a model must be {range}.") { Field = field };
        }
    }
}
