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

    /// <summary>Longest stretch of speech in a window, 5 to 28 s. Longer ones cost more, since attention grows with the square.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>Audio that may wait; a request that comes when more does is refused.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromMinutes(30);
}
