using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Our engine against itself: how far apart noise alone puts two equals.</summary>
internal sealed class SameScenario : IScenario
{
    private const int DefaultRounds = 7;
    private const double MostNoise = 0.03;

    public string Name => "same";

    public string Description => "our engine against itself: whether the machine is quiet enough to measure on";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        using var own = context.LoadEngine();
        var result = await new SerialComparison(context, [own, new Twin(own)], context.Clips)
            .RunAsync(Name, context.Options.Rounds ?? DefaultRounds, cancellationToken);
        result.Note($"Where the ratio isn't within {MostNoise} of 1, the machine is too noisy: publish nothing measured on it.");
        return result;
    }

    private sealed class Twin(IEngine engine) : IEngine
    {
        public string Name => "itself";

        public Task<EngineAnswer> TranscribeAsync(Clip clip, RequestClass urgency, CancellationToken cancellationToken) =>
            engine.TranscribeAsync(clip, urgency, cancellationToken);
    }
}
