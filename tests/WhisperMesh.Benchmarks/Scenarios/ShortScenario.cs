using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Results;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Prompts of a few seconds, one after another, as a telephone service sends them.</summary>
internal sealed class ShortScenario : IScenario
{
    private const int DefaultRounds = 7;

    public string Name => "short";

    public string Description => "the recordings one after another, language given: speed, word errors, where the time goes";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        using var own = context.LoadEngine();
        IReadOnlyList<IEngine> engines = [own, .. context.Rivals];
        return await new SerialComparison(context, engines, context.Clips)
            .RunAsync(Name, context.Options.Rounds ?? DefaultRounds, cancellationToken);
    }
}
