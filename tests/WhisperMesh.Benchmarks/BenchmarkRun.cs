using System.Diagnostics;
using Spectre.Console;
using WhisperMesh.Benchmarks.Commands;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Benchmarks.Scenarios;

namespace WhisperMesh.Benchmarks;

/// <summary>Runs the scenarios asked for, one after another.</summary>
internal static class BenchmarkRun
{
    private const int LogWidth = 160;

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (options.Scenarios.Count == 0)
        {
            var names = string.Join(", ", Catalogue.All.Select(scenario => scenario.Name));
            throw new BenchmarkException($"Name a scenario: {names}; see --help.");
        }
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = LogWidth;
        }
        var file = new ResultFile(TimeProvider.System.GetUtcNow(), Environment.GetCommandLineArgs()[1..], Machine.Read());
        var machine = file.Machine;
        console.MarkupLineInterpolated(
            $"{machine.Cpu}, {machine.Cores} cores, {machine.Runtime}, ONNX Runtime {machine.OnnxRuntime}, load {machine.LoadAverage}");
        using var context = new BenchmarkContext(options, console);
        foreach (var scenario in options.Scenarios.Select(Catalogue.Find))
        {
            var (started, steal) = (Stopwatch.GetTimestamp(), new CpuSteal());
            var result = await scenario.RunAsync(context, cancellationToken);
            file.Add(result, Stopwatch.GetElapsedTime(started), steal.Share);
            ResultPrinter.Print(console, result);
            console.MarkupLineInterpolated($"[grey]processor time stolen by other guests: {100 * steal.Share:0.0} %[/]");
            // After each, so that a run cut short has what it got.
            if (options.Output is { } output)
            {
                file.Save(output);
            }
        }
        return 0;
    }
}
