using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Measuring;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>
/// How far the words' starts and ends are off. The known places are those of whole recordings joined to one file: the start of the
/// first word, the end of the last. Joined voice to voice there is no silence that would give the place away.
/// </summary>
internal sealed class WordsScenario : IScenario
{
    private const int DefaultRounds = 3;
    private const double MinPauseSeconds = 0.3;
    private const double MaxPauseSeconds = 1.5;

    public string Name => "words";

    public string Description => "starts and ends of words against known places, with pauses between recordings and without";

    public async Task<ScenarioResult> RunAsync(BenchmarkContext context, CancellationToken cancellationToken)
    {
        using var own = context.LoadEngine(context.Options.Request with { Words = true });
        var result = new ScenarioResult(Name);
        var table = result.Table(
            "offset of words", "joined", "language", "edge", "words", "not heard",
            "mean absolute ms", "p95 ms", "within 150 ms %", "median ms");
        foreach (var pauses in (bool[])[true, false])
        {
            var offsets = new Dictionary<string, WordOffsets>();
            foreach (var language in context.Clips.GroupBy(clip => clip.Language!))
            {
                offsets[language.Key] = await MeasureAsync(context, own, [.. language], pauses, cancellationToken);
            }
            foreach (var (language, found) in offsets.Append(new("all", WordOffsets.Join(offsets.Values))))
            {
                found.AddTo(table, pauses ? "with pauses" : "voice to voice", language);
            }
        }
        result.Note(
            "With pauses, an engine may find the edges by their loudness, as the known places were found; voice to voice it can't.");
        return result;
    }

    private static async Task<WordOffsets> MeasureAsync(
        BenchmarkContext context, OwnEngine engine, IReadOnlyList<Clip> clips, bool pauses, CancellationToken cancellationToken)
    {
        var offsets = new WordOffsets();
        for (var round = 0; round < (context.Options.Rounds ?? DefaultRounds); round++)
        {
            var splicer = new Splicer(context.Options.Seed + round);
            foreach (var clip in splicer.Shuffle(clips))
            {
                Add(splicer, clip, pauses);
            }
            var file = splicer.Save(context.TemporaryFile("words.wav"), clips[0].Language);
            var answer = await engine.TranscribeAsync(file, RequestClass.Interactive, cancellationToken);
            offsets.Add(splicer.Parts, [.. answer.Report!.Segments.SelectMany(segment => segment.Words ?? [])]);
        }
        return offsets;
    }

    private static void Add(Splicer splicer, Clip clip, bool pauses)
    {
        if (pauses)
        {
            splicer.Add(clip);
            splicer.AddPause(MinPauseSeconds, MaxPauseSeconds);
        }
        else
        {
            splicer.AddVoice(clip);
        }
    }
}
