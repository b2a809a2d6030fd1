using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Benchmarks.Steps;
using WhisperMesh.Whisper.Model;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Rows that find their own memory, against rows side by side in padded tensors.</summary>
internal sealed class StepScenario : IScenario
{
    private const int DefaultRounds = 50;
    private const int RowsBeforeJoin = 8;

    // The runtime compiles a method anew after it has been called for a while; by then the first cells would be over.
    private const int WarmUpRounds = 400;

    private static readonly int[] Rows = [1, 2, 4, 8, 16];
    private static readonly int[] Positions = [500, 875];

    public string Name => "step";

    public string Description => "a decoder step of the graph as it lies in the model folder against ours; and what one more row costs";

    public Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var result = new ScenarioResult(Name);
        var threads = CpuCores.Physical();
        var rounds = context.Options.Rounds ?? DefaultRounds;
        using var pair = new StepPair(threads);
        var steps = result.Table(
            $"a step of rows that are all alike, {StepShape.Past} tokens past, {threads} threads",
            "rows", "audio positions", "original, ms", "ours, ms",
            "original ÷ ours", "low", "high", "original reads, MB", "GB/s", "ours reads, MB", "GB/s (ours)");
        var joins = result.Table(
            $"row {RowsBeforeJoin + 1} joins {RowsBeforeJoin}", "audio positions", "original copies all, ms", "ours plans all, ms");
        context.Say("warming up");
        pair.Steps(new StepShape(Rows[0], Positions[0]), WarmUpRounds, cancellationToken);
        foreach (var positions in Positions)
        {
            foreach (var rows in Rows)
            {
                context.Say($"{rows} rows of {positions} positions");
                var shape = new StepShape(rows, positions);
                AddStep(result, steps, shape, pair.Steps(shape, rounds, cancellationToken));
            }
            AddJoin(result, joins, positions, pair.Joins(new StepShape(RowsBeforeJoin, positions), rounds, cancellationToken));
        }
        return Task.FromResult(result);
    }

    private static void AddStep(ScenarioResult result, ResultTable table, StepShape shape, StepTimes times)
    {
        var (original, own) = (Statistics.Median(times.Original), Statistics.Median(times.Own));
        var ratio = Ratio.Of(times.Original, times.Own);
        table.Add(
            shape.Rows, shape.Positions, original, own, ratio.Median, ratio.Low, ratio.High,
            shape.OriginalBytes / 1e6, GigabytesPerSecond(shape.OriginalBytes, original),
            shape.OwnBytes / 1e6, GigabytesPerSecond(shape.OwnBytes, own));
        Keep(result, $"step of {shape.Rows} rows, {shape.Positions} positions", times);
    }

    private static void AddJoin(ScenarioResult result, ResultTable table, int positions, StepTimes times)
    {
        table.Add(positions, Statistics.Median(times.Original), Statistics.Median(times.Own));
        Keep(result, $"join, {positions} positions", times);
    }

    private static void Keep(ScenarioResult result, string name, StepTimes times)
    {
        result.Measured($"{name}: original ms", times.Original);
        result.Measured($"{name}: ours ms", times.Own);
    }

    private static double GigabytesPerSecond(double bytes, double milliseconds) => bytes / 1e6 / milliseconds;
}
