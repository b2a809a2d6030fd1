using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Very many requests: what stays behind of each.</summary>
internal sealed class LeakScenario : IScenario
{
    private const int DefaultRounds = 10;
    private const int RequestsPerRound = 200;
    private const double Megabyte = 1024 * 1024;

    public string Name => "leak";

    public string Description => $"--rounds (10) of {RequestsPerRound} short requests by --callers: memory after each, and how it grows";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        using var own = context.LoadEngine();
        await context.WarmUpAsync([own], cancellationToken);
        Clip[] clips = [.. Enumerable.Range(0, RequestsPerRound).Select(index => context.Clips[index % context.Clips.Count])];
        var result = new ScenarioResult(Name);
        var table = result.Table(
            $"{context.Options.Callers} callers", "requests", "resident, MB", "managed, MB", "windows and rows in use, MB", "seconds");
        var rounds = context.Options.Rounds ?? DefaultRounds;
        var memory = new List<Memory>();
        for (var round = 1; round <= rounds; round++)
        {
            var pass = await Pass.AtOnceAsync(own, clips, context.Options.Callers, cancellationToken);
            memory.Add(Memory.Now(round * RequestsPerRound));
            var last = memory[^1];
            table.Add(last.Requests, last.Resident, last.Managed, own.Statistics.BytesInUse / Megabyte, pass.Elapsed.TotalSeconds);
            context.Say($"{last.Requests} requests: {last.Resident:0.0} MB resident, {last.Managed:0.0} MB managed");
        }
        Report(result, memory, own);
        return result;
    }

    private static void Report(ScenarioResult result, List<Memory> memory, OwnEngine own)
    {
        Memory[] half = [.. memory.Skip(memory.Count / 2)];
        var table = result.Table("growth in the second half", "", "MB per 1,000 requests");
        table.Add("resident", Slope.Of([.. half.Select(at => (at.Requests / 1000.0, at.Resident))]));
        table.Add("managed", Slope.Of([.. half.Select(at => (at.Requests / 1000.0, at.Managed))]));
        result.Measured("resident MB", memory.Select(at => at.Resident));
        result.Measured("managed MB", memory.Select(at => at.Managed));
        result.Note($"At the end, windows and rows hold {own.Statistics.BytesInUse} bytes; it should be 0.");
    }

    /// <summary>Megabytes after so many requests; the managed heap after a full collection.</summary>
    private sealed record Memory(int Requests, double Resident, double Managed)
    {
        public static Memory Now(int requests)
        {
            var managed = GC.GetTotalMemory(forceFullCollection: true) / Megabyte;
            return new Memory(requests, ProcessMemory.NowMegabytes, managed);
        }
    }
}
