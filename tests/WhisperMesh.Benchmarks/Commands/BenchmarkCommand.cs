using System.CommandLine;
using WhisperMesh.Benchmarks.Scenarios;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary>The command line.</summary>
internal static class BenchmarkCommand
{
    public static RootCommand Create()
    {
        var scenarios = new Argument<string[]>("SCENARIO")
        {
            Description = string.Join(Environment.NewLine, Catalogue.All.Select(scenario => $"{scenario.Name}: {scenario.Description}")),
            Arity = ArgumentArity.ZeroOrMore,
        };
        scenarios.AcceptOnlyFromAmong([.. Catalogue.All.Select(scenario => scenario.Name)]);
        var output = new Option<string?>("--output", "-o") { Description = "File to write the figures to, as JSON." };
        var rivals = new Option<string[]>("--rival")
        {
            Description = "Another engine to measure beside ours: name=COMMAND with {file} and {language}, or name=http://host:port/path.",
        };
        var sets = new Option<string[]>("--set")
        {
            Description = "How to load the model: NAME=VALUE, or NAME=VALUE,VALUE to sweep. " +
                $"Names: {string.Join(", ", ModelSettings.Names)}.",
        };
        var measure = new MeasureOptions();
        var request = new RequestOptions();
        var root = new RootCommand("Measures the speech engine.") { scenarios, output, rivals, sets, KernelsCommand.Create() };
        measure.AddTo(root);
        request.AddTo(root);
        root.SetAction((parsed, cancellationToken) =>
        {
            var options = new BenchmarkOptions
            {
                Scenarios = parsed.GetValue(scenarios) ?? [],
                Output = parsed.GetValue(output),
                Rivals = parsed.GetValue(rivals) ?? [],
                Sets = parsed.GetValue(sets) ?? [],
                Request = request.Read(parsed),
            };
            return BenchmarkRun.RunAsync(measure.Read(parsed, options), cancellationToken);
        });
        return root;
    }
}
