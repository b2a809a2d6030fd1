using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Noise;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Sounds without speech: what the engine makes up.</summary>
internal sealed class SilenceScenario : IScenario
{
    private const string Language = "en";
    private static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(30);

    public string Name => "silence";

    public string Description => "30 minutes or --minutes of each sound that is no speech, over several levels: any text is made up";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        using var own = context.LoadEngine();
        var result = new ScenarioResult(Name);
        var counts = result.Table(
            "text where nobody speaks", "sound", "level dB", "minutes", "taken for speech, s", "segments", "of them doubted", "words");
        var texts = new ResultTable("what was made up", "sound", "level dB", "at s", "verdict", "no speech", "text");
        foreach (var kind in SoundKind.All)
        {
            foreach (var level in kind.Levels)
            {
                await ListenAsync(context, own, kind, level, counts, texts, cancellationToken);
            }
        }
        Sum(result, counts, texts);
        return result;
    }

    private static async Task ListenAsync(
        BenchmarkContext context, OwnEngine engine, SoundKind kind, int level, ResultTable counts, ResultTable texts,
        CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling((context.Options.Length ?? DefaultLength).TotalSeconds / kind.Levels.Count);
        var segments = new List<TranscriptSegment>();
        var stream = kind.Stream(level, seconds, context.Options.Seed);
        var completed = await engine.ListenAsync(stream, Language, RequestClass.Bulk, segments.Add, cancellationToken);
        counts.Add(
            kind.Name, level, seconds / 60.0, completed.SpeechDuration.TotalSeconds, segments.Count,
            segments.Count(segment => segment.Verdict != SegmentVerdict.Ok), segments.Sum(Words));
        foreach (var segment in segments)
        {
            texts.Add(
                kind.Name, level, segment.Start.TotalSeconds, segment.Verdict.ToString(), segment.NoSpeechProbability, segment.Text.Trim());
        }
        context.Say($"{kind.Name} at {level} dB: {segments.Count} segments in {seconds / 60.0:0.0} minutes");
    }

    private static void Sum(ScenarioResult result, ResultTable counts, ResultTable texts)
    {
        if (texts.Rows.Count > 0)
        {
            result.Add(texts);
        }
        var minutes = counts.Rows.Sum(row => (double)row[2]!);
        result.Note($"{texts.Rows.Count} segments in {minutes:0} minutes without speech; there should be none.");
    }

    private static int Words(TranscriptSegment segment) => segment.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
}
