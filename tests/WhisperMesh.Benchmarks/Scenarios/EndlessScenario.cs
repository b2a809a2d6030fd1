using System.Diagnostics;
using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>A hundred thousand requests through one router: what stays behind of each.</summary>
internal sealed class EndlessScenario : IScenario
{
    private const int DefaultRounds = 20;
    private const int RequestsPerRound = 5_000;

    public string Name => "endless";

    public string Description => $"--rounds (20) of {RequestsPerRound} short requests through the router: its memory after each, and how it grows";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var audio = await File.ReadAllBytesAsync(context.Clips[0].Path, cancellationToken);
        await using var setup = await GatewaySetup.StartAsync(core: null, cancellationToken);
        await using var sides = await Sides.StartAsync(setup, core: null, context.Say, cancellationToken);
        var result = new ScenarioResult(Name);
        var table = result.Table($"{context.Options.Callers} callers", "requests", "resident, MB", "seconds");
        var rounds = context.Options.Rounds ?? DefaultRounds;
        var points = new List<(double, double)>();
        for (var round = 1; round <= rounds; round++)
        {
            var begin = Stopwatch.GetTimestamp();
            await SendAsync(sides.Own, audio, context.Options.Callers, cancellationToken);
            var resident = sides.Own.Process!.ResidentMegabytes;
            points.Add((round * RequestsPerRound / 1000.0, resident));
            table.Add(round * RequestsPerRound, resident, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            context.Say($"{round * RequestsPerRound} requests: {resident:0.0} MB resident");
        }

        var growth = result.Table("growth in the second half", "", "MB per 1,000 requests");
        growth.Add("resident", Slope.Of([.. points.Skip(points.Count / 2)]));
        result.Measured("resident MB", points.Select(point => point.Item2));
        return result;
    }

    private static Task SendAsync(Side side, byte[] audio, int callers, CancellationToken cancellationToken)
    {
        var left = RequestsPerRound;
        return Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            await Task.Yield();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await side.Client.TranscribeAsync(audio, cancellationToken);
            }
        }));
    }
}
