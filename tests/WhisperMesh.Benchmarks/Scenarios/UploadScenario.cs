using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>A large upload through the router and other proxies: work a megabyte, and memory against size.</summary>
internal sealed class UploadScenario : IScenario
{
    private const int DefaultRounds = 7;
    private const long Megabyte = 1_000_000;
    private const long UploadBytes = 100 * Megabyte;
    // Processor time is counted in hundredths of a second; of one upload too coarsely.
    private const int UploadsPerRound = 5;
    private const int WarmUpUploads = 10;
    private const long SmallBytes = 10 * Megabyte;

    public string Name => "upload";

    public string Description => "100 MB in chunks of 64 KiB through the router, nginx, haproxy and YARP: MB a processor second, memory";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        await using var setup = await GatewaySetup.StartAsync(core: 1, cancellationToken);
        await using var sides = await Sides.StartAsync(setup, core: 0, context.Say, cancellationToken);
        var small = new Dictionary<string, double>();
        foreach (var side in sides.Proxies)
        {
            await side.Client.UploadAsync(SmallBytes, cancellationToken);
            await side.Client.UploadAsync(SmallBytes, cancellationToken);
            small[side.Name] = side.Process!.PeakMegabytes;
        }

        // Compiling in the background is no work of uploads.
        for (var upload = 0; upload < WarmUpUploads; upload++)
        {
            foreach (var side in sides.Proxies)
            {
                await side.Client.UploadAsync(UploadBytes, cancellationToken);
            }
        }

        var measured = sides.Proxies.ToDictionary(side => side.Name, _ => new List<double>());
        var rounds = context.Options.Rounds ?? DefaultRounds;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var side in sides.Proxies)
            {
                var before = side.Process!.ProcessorTime;
                for (var upload = 0; upload < UploadsPerRound; upload++)
                {
                    await side.Client.UploadAsync(UploadBytes, cancellationToken);
                }

                measured[side.Name].Add(UploadsPerRound * UploadBytes / (double)Megabyte / (side.Process.ProcessorTime - before).TotalSeconds);
            }

            context.Say($"round {round}/{rounds}: " + string.Join(", ", measured.Select(pair => $"{pair.Key} {pair.Value[^1]:0} MB/CPU-s")));
        }

        return Report(sides, measured, small);
    }

    private ScenarioResult Report(Sides sides, Dictionary<string, List<double>> measured, Dictionary<string, double> small)
    {
        var result = new ScenarioResult(Name);
        var table = result.Table(
            "100 MB in chunks of 64 KiB", "way", "MB a processor second", $"{sides.Own.Name} ÷ it", "low", "high", "peak memory after 10 MB, MB",
            "after 100 MB, MB");
        foreach (var side in sides.Proxies)
        {
            var ratio = Ratio.Of(measured[sides.Own.Name], measured[side.Name]);
            table.Add(
                side.Name, Statistics.Median(measured[side.Name]), ratio.Median, ratio.Low, ratio.High, small[side.Name],
                side.Process!.PeakMegabytes);
            result.Measured($"{side.Name} MB a processor second", measured[side.Name]);
        }

        result.Note("Proxies run on core 0; client and worker, which share a process, on core 1. The router also spools and hashes the upload.");
        return result;
    }
}
