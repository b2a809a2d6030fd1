namespace WhisperMesh.Benchmarks.Commands;

/// <summary>The command line, read.</summary>
internal sealed record BenchmarkOptions
{
    public required IReadOnlyList<string> Scenarios { get; init; }

    public string? Output { get; init; }

    public IReadOnlyList<string> Rivals { get; init; } = [];

    public IReadOnlyList<string> Sets { get; init; } = [];

    public IReadOnlyList<string> Languages { get; init; } = [];

    public RequestSettings Request { get; init; } = new();

    /// <summary>Null for what the scenario thinks right.</summary>
    public int? Rounds { get; init; }

    public TimeSpan WarmUp { get; init; }

    /// <summary>Length of what is generated: a long file, each kind of noise; null for what the scenario thinks right.</summary>
    public TimeSpan? Length { get; init; }

    public int Callers { get; init; }

    /// <summary>Live streams at once, one figure for each; empty for what the scenario thinks right.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [];

    /// <summary>Only that many recordings; null for all.</summary>
    public int? Take { get; init; }

    public int Seed { get; init; }
}
