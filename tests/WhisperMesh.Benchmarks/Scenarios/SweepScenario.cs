using WhisperMesh.Benchmarks.Commands;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Testing;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>The model loaded in several ways, which take turns at the same work; its defaults are the baseline.</summary>
/// <param name="name">Of the scenario.</param>
/// <param name="question">What it answers.</param>
/// <param name="sets">The settings to sweep when <c>--set</c> names none.</param>
internal sealed class SweepScenario(string name, string question, IReadOnlyList<string> sets) : IScenario
{
    private const int DefaultRounds = 5;
    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(5);

    public string Name => name;

    public string Description => question;

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var chosen = options.Sets.Count > 0 ? options.Sets : sets;
        if (chosen.Count == 0)
        {
            throw new BenchmarkException("A sweep needs --set NAME=VALUE,VALUE.");
        }
        var file = LongClip.Make(context.TemporaryFile("sweep.wav"), options.Length ?? DefaultLength, ["en"], options.Seed);
        List<OwnEngine> engines = [];
        try
        {
            engines.Add(context.LoadEngine(ModelVariant.Default));
            engines.AddRange(ModelVariant.Combine(chosen).Select(variant => context.LoadEngine(variant)));
            return await MeasureAsync(context, engines, file, cancellationToken);
        }
        finally
        {
            engines.ForEach(engine => engine.Dispose());
        }
    }

    private async Task<ScenarioResult> MeasureAsync(
        BenchmarkContext context, List<OwnEngine> engines, Clip file, CancellationToken cancellationToken)
    {
        var result = new ScenarioResult(Name);
        await context.WarmUpAsync(engines, cancellationToken);
        foreach (var work in (Work[])[
            new("one caller", context.Clips, 1),
            new($"{context.Options.Callers} callers", context.Clips, context.Options.Callers),
            new("a long file", [file], 1)])
        {
            await RaceAsync(context, result, work, engines, cancellationToken);
        }
        return result;
    }

    private static async Task RaceAsync(
        BenchmarkContext context, ScenarioResult result, Work work, List<OwnEngine> engines, CancellationToken cancellationToken)
    {
        List<double>[] seconds = [.. engines.Select(_ => new List<double>())];
        var errors = new int[engines.Count];
        for (var round = 0; round < (context.Options.Rounds ?? DefaultRounds); round++)
        {
            for (var side = 0; side < engines.Count; side++)
            {
                var pass = await Pass.AtOnceAsync(engines[side], work.Clips, work.Callers, cancellationToken);
                seconds[side].Add(pass.Elapsed.TotalSeconds);
                errors[side] = work.Clips.Zip(pass.Answers, (clip, answer) => WordErrorRate.Errors(clip.Text, answer.Text)).Sum();
                context.Say($"{work.Name}, round {round + 1}: {engines[side].Name} {seconds[side][^1]:0.00} s");
            }
        }
        var table = result.Table(work.Name, "model", "seconds", "time ÷ default", "low", "high", "word errors");
        for (var side = 0; side < engines.Count; side++)
        {
            var ratio = Ratio.Of(seconds[side], seconds[0]);
            table.Add(engines[side].Name, Statistics.Median(seconds[side]), ratio.Median, ratio.Low, ratio.High, errors[side]);
            result.Measured($"{work.Name}, {engines[side].Name} seconds", seconds[side]);
        }
    }

    private sealed record Work(string Name, IReadOnlyList<Clip> Clips, int Callers);
}
