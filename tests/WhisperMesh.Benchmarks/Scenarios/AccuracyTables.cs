using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Benchmarks.Results;
using WhisperMesh.Testing;

namespace WhisperMesh.Benchmarks.Scenarios;

/// <summary>Word errors by engine and language, and the texts they were counted on.</summary>
internal static class AccuracyTables
{
    // The texts of long files would fill the result files.
    private const int MaxTextLength = 2_000;

    public static void Add(
        ScenarioResult result, IReadOnlyList<Clip> clips, IReadOnlyList<(string Engine, IReadOnlyList<EngineAnswer> Answers)> heard)
    {
        var rates = result.Table("word errors", "engine", "language", "errors", "words", "%");
        var texts = result.Add(new ResultTable("texts", "engine", "file", "errors", "words", "text") { OnlyInFile = true });
        foreach (var (engine, answers) in heard)
        {
            Scored[] scored = [.. clips.Zip(answers, Score)];
            foreach (var language in scored.GroupBy(clip => clip.Language))
            {
                AddRate(rates, engine, language.Key, [.. language]);
            }
            if (scored.Select(clip => clip.Language).Distinct().Skip(1).Any())
            {
                AddRate(rates, engine, "all", scored);
            }
            foreach (var (clip, answer) in clips.Zip(answers).Where(pair => pair.Second.Text.Length <= MaxTextLength))
            {
                var (_, errors, words) = Score(clip, answer);
                texts.Add(engine, Path.GetFileName(clip.Path), errors, words, answer.Text.Trim());
            }
        }
    }

    private static void AddRate(ResultTable table, string engine, string language, IReadOnlyCollection<Scored> clips)
    {
        var (errors, words) = (clips.Sum(clip => clip.Errors), clips.Sum(clip => clip.Words));
        table.Add(engine, language, errors, words, 100.0 * errors / words);
    }

    private static Scored Score(Clip clip, EngineAnswer answer)
    {
        var reference = WordErrorRate.Words(clip.Text);
        return new Scored(clip.Language ?? "mixed", WordErrorRate.Errors(reference, WordErrorRate.Words(answer.Text)), reference.Length);
    }

    private sealed record Scored(string Language, int Errors, int Words);
}
