using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>What our engine's scheduler did in a stretch of time, for all requests together.</summary>
internal sealed record EngineWork(
    TimeSpan Encoding, TimeSpan Decoding, TimeSpan Search, long Windows, long Steps, long Rows, long Tokens, long PeakBytes)
{
    public static EngineWork Between(EngineStatistics before, EngineStatistics after) => new(
        after.Encoding - before.Encoding, after.Decoding - before.Decoding, after.Search - before.Search,
        after.Windows - before.Windows, after.Steps - before.Steps, after.Rows - before.Rows, after.Tokens - before.Tokens,
        after.PeakBytes);

    public ResultTable ToTable(string title)
    {
        var table = new ResultTable(
            title, "windows", "ms per window", "steps", "ms per step", "rows per step", "tokens read", "search, µs per row",
            "peak MB of rows");
        table.Add(
            Windows, Encoding.TotalMilliseconds / Windows, Steps, Decoding.TotalMilliseconds / Steps, (double)Rows / Steps, Tokens,
            Search.TotalMicroseconds / Rows, PeakBytes / (1024.0 * 1024));
        return table;
    }
}
