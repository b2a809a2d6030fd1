using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>What streams that were spoken side by side came to.</summary>
internal sealed class LiveFigures
{
    private readonly IReadOnlyList<LiveRun> _runs;
    private readonly TimeSpan _processor;

    /// <param name="runs">The streams.</param>
    /// <param name="processor">Processor time of the worker meanwhile.</param>
    public LiveFigures(IReadOnlyList<LiveRun> runs, TimeSpan processor)
    {
        (_runs, _processor) = (runs, processor);
        WordTimes[] times = [.. runs.Select(WordTimes.Of)];
        Firsts = [.. times.SelectMany(of => of.Firsts).Select(time => time.TotalSeconds)];
        Seen = [.. times.SelectMany(of => of.Words).Select(word => word.Seen.TotalSeconds)];
        Committed = [.. times.SelectMany(of => of.Words).Select(word => word.Committed.TotalSeconds)];
        Changed = times.Sum(of => of.Changed);
        Broken = times.Sum(of => of.Broken);
    }

    public IReadOnlyList<double> Firsts { get; }

    public IReadOnlyList<double> Seen { get; }

    public IReadOnlyList<double> Committed { get; }

    public int Changed { get; }

    public int Broken { get; }

    public int Lost => _runs.Count(run => run.Summary is null);

    /// <summary>Audio that was sent and that the summaries do not have, in seconds.</summary>
    public double Dropped => _runs.Sum(run =>
        ((double)run.Bytes / Talk.BytesPerSecond) - (run.Summary?.AudioDuration.ToTimeSpan().TotalSeconds ?? 0));

    public double AudioSeconds => _runs.Sum(run => (double)run.Bytes / Talk.BytesPerSecond);

    public double DecodingPerSecond => _runs.Sum(run => run.Summary?.Decoding.ToTimeSpan().TotalSeconds ?? 0) / AudioSeconds;

    public double ProcessorPerSecond => _processor.TotalSeconds / AudioSeconds;

    public double PassesPerSecond => _runs.Sum(run => run.Summary?.PassCount ?? 0) / AudioSeconds;

    /// <summary>Streams that were told that the worker is busy.</summary>
    public int ToldBusy => _runs.Count(run => run.Events.Any(moment => moment.Message.Status?.Load == LiveLoad.Busy));

    public double SentLate => _runs.Max(run => run.SentLate.TotalSeconds);

    public IReadOnlyList<string> Failures => [.. _runs.Select(run => run.Failure).OfType<string>().Distinct()];

    /// <summary>Word errors of the finals in 100 words.</summary>
    public double ErrorRate => Rate(_runs, run => run.Text);

    /// <summary>Word errors in 100 words of any other text of the same streams.</summary>
    public static double Rate(IReadOnlyList<LiveRun> runs, Func<LiveRun, string> text) =>
        100.0 * runs.Sum(run => WordErrorRate.Errors(run.Reference, text(run))) / runs.Sum(run => WordErrorRate.Words(run.Reference).Length);

    public void AddLags(ResultTable table, object name)
    {
        table.Add(
            name, At(Firsts, 0.5), At(Firsts, 0.95), At(Seen, 0.5), At(Seen, 0.95), At(Committed, 0.5), At(Committed, 0.95), Committed.Count,
            (double)Changed / Math.Max(1, Committed.Count));
    }

    public static ResultTable LagTable(string title, string first) => new(
        title, first, "first text p50, s", "first text p95, s", "seen p50, s", "seen p95, s", "committed p50, s", "committed p95, s",
        "words", "shown words changed per word");

    public void AddHealth(ResultTable table, object name) => table.Add(
        name, Broken, Lost, Dropped, ToldBusy, SentLate, DecodingPerSecond, ProcessorPerSecond, PassesPerSecond);

    public static ResultTable HealthTable(string title, string first) => new(
        title, first, "committed words changed", "streams lost", "audio dropped, s", "streams told busy", "sent late at most, s",
        "model time per audio second", "processor time per audio second", "passes per audio second");

    private static double At(IReadOnlyList<double> values, double share) =>
        values.Count == 0 ? double.NaN : Statistics.Percentile(values, share);
}
