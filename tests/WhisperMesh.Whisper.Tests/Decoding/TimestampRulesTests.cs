using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Tests.Decoding;

/// <summary>Whatever the model wants, what is taken keeps the rules.</summary>
public sealed class TimestampRulesTests
{
    private static readonly ControlTokens Control = SmallVocabulary.Control;

    [Fact]
    public void Search_AnyLogits_BeginsWithAnEarlyTimestamp() => Check((tokens, _) =>
        Control.IsTimestamp(tokens[0]) && tokens[0] <= Control.FirstTimestamp + Control.MaxInitialTimestampIndex);

    [Fact]
    public void Search_AnyLogits_NeverGoesBackNorPastTheWindow() => Check((tokens, positions) =>
    {
        var times = tokens.Where(Control.IsTimestamp).ToList();
        return times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second) && times[^1] <= Control.FirstTimestamp + positions;
    });

    [Fact]
    public void Search_AnyLogits_PairsTimestampsBetweenSegments() => Check((tokens, _) =>
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            var isTime = Control.IsTimestamp(tokens[i]);
            var single = Control.IsTimestamp(tokens[i - 1]) && i > 1 && !Control.IsTimestamp(tokens[i - 2]);
            var pair = Control.IsTimestamp(tokens[i - 1]) && (i == 1 || Control.IsTimestamp(tokens[i - 2]));
            if (single && !isTime || pair && isTime)
            {
                return false;
            }
        }
        return true;
    });

    [Fact]
    public void Search_AnyLogits_GivesEachSegmentTime() => Check((tokens, _) =>
    {
        var last = -1;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (Control.IsTimestamp(tokens[i]))
            {
                if (i > 0 && !Control.IsTimestamp(tokens[i - 1]) && tokens[i] <= last)
                {
                    return false;
                }
                last = tokens[i];
            }
        }
        return true;
    });

    [Fact]
    public void Search_AnyLogits_NeverGivesMarksOrSuppressedTokens() => Check((tokens, _) =>
        tokens.All(token => (Control.IsText(token) || Control.IsTimestamp(token)) && !Control.Suppressed.Contains(token)));

    [Fact]
    public void Read_TimestampsLikelierTogetherThanAnyWord_AllowsOnlyTimestamps()
    {
        var filter = new TokenFilter(new DecodingTask([], 0, Positions: 100, MaxTokens: 40), Control);

        // Each timestamp is less likely than the word, all together are likelier.
        var logits = Flat(-100, (8, 1));
        logits.AsSpan(Control.FirstTimestamp).Clear();
        var allowed = filter.Read(logits, [Control.FirstTimestamp, 7]);

        Control.IsTimestamp(allowed.Best).ShouldBeTrue();
        allowed.LogProbability(allowed.Best).ShouldBe(-MathF.Log(100), 0.001f);
    }

    [Fact]
    public void Read_WithoutTimestamps_AllowsNoneAndNoBlankBegin()
    {
        var filter = new TokenFilter(new DecodingTask([], 0, 100, 5, Timestamps: false), Control);

        filter.Read(Flat(0, (5, 9), (Control.EndOfText, 8), (40, 7), (6, 1)), []).Best.ShouldBe(6);
        filter.Read(Flat(0, (5, 9), (40, 10)), [6]).Best.ShouldBe(5);
    }

    [Fact]
    public void Read_AnyTextAndLogits_GivesProbabilitiesThatSumToOne() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seed, timestamps) =>
        {
            var random = new Random(seed);
            var task = new DecodingTask([], 0, Positions: 60, MaxTokens: 40, Temperature: 1, Timestamps: timestamps);
            var tokens = Searching.Run(task, random).Tokens.ToArray();
            var allowed = new TokenFilter(task, Control).Read(SmallVocabulary.RandomLogits(random), tokens);
            var (top, sum) = (new TopTokens(SmallVocabulary.Size), 0.0);
            allowed.Top(top);
            for (var rank = 0; rank < top.Count; rank++)
            {
                sum += Math.Exp(allowed.LogProbability(top[rank].Token));
            }
            return Math.Abs(sum - 1) < 1e-4 && top[0].Token == allowed.Best;
        }).QuickCheckThrowOnFailure();

    private static void Check(Func<IReadOnlyList<int>, int, bool> rule) => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 100).ToArbitrary(), Gen.Choose(0, 10).ToArbitrary(), (seed, positions, tenths) =>
        {
            var task = new DecodingTask([], 0, positions, MaxTokens: 40, tenths / 10f, seed, BeamSize: 1 + seed % 2, BestOf: 2);
            return rule(Searching.Run(task, new Random(seed)).Tokens, positions);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static float[] Flat(float level, params (int Token, float Logit)[] peaks)
    {
        var logits = new float[SmallVocabulary.Size];
        logits.AsSpan().Fill(level);
        foreach (var (token, logit) in peaks)
        {
            logits[token] = logit;
        }
        return logits;
    }
}
