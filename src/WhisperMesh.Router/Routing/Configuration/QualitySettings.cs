namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>What becomes of a result that the engine doubts.</summary>
internal sealed record QualitySettings
{
    /// <summary>"flag" leaves it as it is, "drop" takes the doubtful segments out, "retry" has it made again and keeps the better one.</summary>
    public string Action { get; init; } = "flag";

    /// <summary>Verdicts that count as doubtful: "suspected_silence", "suspected_loop", "low_confidence", "language_mismatch". Empty: all of these.</summary>
    public IReadOnlyList<string> Verdicts { get; init; } = [];

    /// <summary>Mean confidence, weighted by length, below which the whole is doubtful; 0 to 1.</summary>
    public double MinConfidence { get; init; }

    /// <summary>Where a retry goes; unset: another worker, or the same where there is no other.</summary>
    public PoolSettings? Retry { get; init; }

    /// <summary>Temperature of the retry; unset: as the request says.</summary>
    public double? RetryTemperature { get; init; }
}
