using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class SearchTests
{
    private static readonly ControlTokens Control = SmallVocabulary.Control;

    [Fact]
    public void Beam_WideEnough_FindsWhatBruteForceFinds() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var model = FewWords(seed);
        var all = Texts(model, [], 0, depth: 3).ToList();
        // No more texts than these are possible, so nothing is ever dropped and all are ranked.
        var found = Searching.Run(new DecodingTask([], 0, 100, MaxTokens: 3, Timestamps: false, BeamSize: all.Count), model);

        var best = all.MaxBy(text => text.Sum / Math.Max(1, text.Tokens.Count))!;
        return found.Tokens.SequenceEqual(best.Tokens) && Math.Abs(found.AverageLogProbability - best.Sum / (best.Tokens.Count + 1)) < 1e-4;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Beam_AnySize_IsNoLikelierThanBruteForce() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), Gen.Choose(2, 5).ToArbitrary(), (seed, size) =>
        {
            var model = FewWords(seed);
            var found = Searching.Run(new DecodingTask([], 0, 100, MaxTokens: 4, Timestamps: false, BeamSize: size), model);
            var same = Texts(model, [], 0, depth: 4)
                .Where(text => text.Tokens.SequenceEqual(found.Tokens) && text.Ended == found.EndedByModel);
            return same.Any(text => Math.Abs(text.Sum / (text.Tokens.Count + 1) - found.AverageLogProbability) < 1e-4);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Beam_OfOne_IsGreedy() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seed, timestamps) =>
    {
        Func<IReadOnlyList<int>, float[]> model = text => SmallVocabulary.RandomLogits(new Random(Hash(seed, text)));
        var task = new DecodingTask([], 0, 100, MaxTokens: 20, Timestamps: timestamps);
        var search = new BeamSearch(task, Control);
        var (text, next) = (new List<int>(), new List<RowStep>());
        do
        {
            next.Clear();
            search.Advance(new LogitRows(model(text), SmallVocabulary.Size), next);
            text.AddRange(next.Select(step => step.Token));
        }
        while (next.Count > 0);
        var greedy = Searching.Run(task, model);
        return search.Result.Tokens.SequenceEqual(greedy.Tokens) && search.Result.EndedByModel == greedy.EndedByModel
            && search.Result.LogProbabilities.SequenceEqual(greedy.LogProbabilities);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Beam_GreedyTrap_IsAvoided()
    {
        // Word 1 is likelier than 2, but what follows it is not.
        Func<IReadOnlyList<int>, float[]> model = text => text switch
        {
            [] => Row((1, 1.1f), (2, 1)),
            [1] => Row((4, 0), (6, 0), (7, 0), (8, 0)),
            [2] => Row((9, 20)),
            _ => Row((Control.EndOfText, 20)),
        };

        Searching.Run(new DecodingTask([], 0, 100, 9, Timestamps: false), model).Tokens[0].ShouldBe(1);
        Searching.Run(new DecodingTask([], 0, 100, 9, Timestamps: false, BeamSize: 2), model).Tokens.ShouldBe([2, 9]);
    }

    [Fact]
    public void Beam_EveryBeamGoesInCircles_IsCutOff()
    {
        var found = Searching.Run(
            new DecodingTask([], 0, 100, 200, Timestamps: false, BeamSize: 2),
            text => text.Count < 3 ? Row((1, 0)) : Row((text[^3], 20)));

        found.EndedByModel.ShouldBeFalse();
        found.Tokens.Count.ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 5, 1)]
    [InlineData(0.6f, 1, 5)]
    public void Search_AnyKind_ObeysTheLimit(float temperature, int beams, int texts)
    {
        var rows = new List<int>();
        var found = Searching.Run(
            new DecodingTask([], 0, 100, 7, temperature, Timestamps: false, BeamSize: beams, BestOf: texts),
            text => Row((text.Count, 3), (text.Count + 7, 3)),
            rows);

        found.Tokens.Count.ShouldBe(7);
        found.LogProbabilities.Count.ShouldBe(7);
        found.EndedByModel.ShouldBeFalse();
        rows.Count.ShouldBe(7);
        rows[0].ShouldBe(1);
        rows.Max().ShouldBe(new DecodingTask([], 0, 0, 0, temperature, BeamSize: beams, BestOf: texts).Rows);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 3, 1)]
    [InlineData(0.6f, 1, 3)]
    public void Search_AnyKind_AllocatesNothingOnceItRuns(float temperature, int beams, int texts)
    {
        var search = DecodingSearches.Create(
            new DecodingTask([], 0, 100, 100, temperature, BeamSize: beams, BestOf: texts, Timestamps: false), Control);
        float[] logits = [.. Enumerable.Repeat(Row((1, 2), (2, 1), (4, 1.5f), (6, 1), (7, 0.3f)), 3).SelectMany(row => row)];
        var next = new List<RowStep>();
        search.Advance(new LogitRows(logits.AsSpan(0, SmallVocabulary.Size), SmallVocabulary.Size), next);
        var allocated = 0L;
        for (var step = 0; step < 12; step++)
        {
            var rows = next.Count;
            next.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            search.Advance(new LogitRows(logits.AsSpan(0, rows * SmallVocabulary.Size), SmallVocabulary.Size), next);
            // The first steps compile code and make the buffers.
            allocated += step < 4 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        next.ShouldNotBeEmpty();
        allocated.ShouldBe(0);
    }

    /// <summary>Words 1, 2 and the end, nothing else.</summary>
    private static Func<IReadOnlyList<int>, float[]> FewWords(int seed) => text =>
    {
        var random = new Random(Hash(seed, text));
        return Row((1, 4 * random.NextSingle()), (2, 4 * random.NextSingle()), (Control.EndOfText, 4 * random.NextSingle()));
    };

    private static IEnumerable<Text> Texts(Func<IReadOnlyList<int>, float[]> model, List<int> tokens, double sum, int depth)
    {
        if (tokens.Count == depth)
        {
            return [new Text(tokens, sum, false)];
        }
        var logits = model(tokens);
        // The end may not come first.
        int[] choices = tokens.Count == 0 ? [1, 2] : [1, 2, Control.EndOfText];
        var total = Math.Log(choices.Sum(token => Math.Exp(logits[token])));
        return choices.SelectMany(token => token == Control.EndOfText
            ? [new Text(tokens, sum + logits[token] - total, true)]
            : Texts(model, [.. tokens, token], sum + logits[token] - total, depth));
    }

    private static float[] Row(params (int Token, float Logit)[] possible)
    {
        var logits = new float[SmallVocabulary.Size];
        logits.AsSpan().Fill(float.NegativeInfinity);
        foreach (var (token, logit) in possible)
        {
            logits[token] = logit;
        }
        return logits;
    }

    private static int Hash(int seed, IReadOnlyList<int> text) => text.Aggregate(seed, (hash, token) => unchecked(hash * 31 + token + 7));

    private sealed record Text(IReadOnlyList<int> Tokens, double Sum, bool Ended);
}
