using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Benchmarks.Scenarios;

namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>Where our engine's time went in a pass.</summary>
/// <param name="Wall">The whole.</param>
/// <param name="AudioDecoding">From bytes to samples.</param>
/// <param name="VoiceActivity">Finding speech.</param>
/// <param name="Features">Computing the log-mel.</param>
/// <param name="Engine">The scheduler's part.</param>
internal sealed record TimeSplit(TimeSpan Wall, TimeSpan AudioDecoding, TimeSpan VoiceActivity, TimeSpan Features, EngineWork Engine)
{
    public static TimeSplit Of(Pass pass, EngineWork work) => new(
        pass.Elapsed,
        Sum(pass, report => report.AudioDecoding),
        Sum(pass, report => report.Timings.VoiceActivity),
        Sum(pass, report => report.Timings.Features),
        work);

    /// <summary>
    /// The parts, the rest of the wall time, and what was not spent in models. Where audio is prepared while the scheduler works, as in
    /// long files, the parts overlap: the rest may then be negative, and only the last line tells whether the models had to wait.
    /// </summary>
    public ResultTable ToTable(string title)
    {
        var table = new ResultTable(title, "part", "seconds", "% of wall time");
        var models = VoiceActivity + Engine.Encoding + Engine.Decoding;
        Add(table, "audio decoding", AudioDecoding);
        Add(table, "voice activity", VoiceActivity);
        Add(table, "log-mel", Features);
        Add(table, "encoder", Engine.Encoding);
        Add(table, "decoder steps", Engine.Decoding);
        Add(table, "search", Engine.Search);
        Add(table, "the rest", Wall - models - AudioDecoding - Features - Engine.Search);
        Add(table, "wall", Wall);
        Add(table, "outside the models' runs", Wall - models);
        Add(table, "neither encoder nor decoder at work", Wall - Engine.Encoding - Engine.Decoding);
        return table;
    }

    private void Add(ResultTable table, string part, TimeSpan time) => table.Add(part, time.TotalSeconds, 100 * (time / Wall));

    private static TimeSpan Sum(Pass pass, Func<OwnReport, TimeSpan> part) =>
        pass.Answers.Aggregate(TimeSpan.Zero, (sum, answer) => sum + part(answer.Report!));
}
