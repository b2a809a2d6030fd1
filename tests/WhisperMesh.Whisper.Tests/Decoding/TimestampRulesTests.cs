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
    public void Take_AnyLogits_BeginsWithAnEarlyTimestamp() => Check((tokens, _) =>
        Control.IsTimestamp(tokens[0]) && tokens[0] <= Control.FirstTimestamp + Control.MaxInitialTimestampIndex);

    [Fact]
    public void Take_AnyLogits_NeverGoesBackNorPastTheWindow() => Check((tokens, positions) =>
    {
        var times = tokens.Where(Control.IsTimestamp).ToList();
        return times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second) && times[^1] <= Control.FirstTimestamp + positions;
    });

    [Fact]
    public void Take_AnyLogits_PairsTimestampsBetweenSegments() => Check((tokens, _) =>
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
    public void Take_AnyLogits_GivesEachSegmentTime() => Check((tokens, _) =>
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
    public void Take_AnyLogits_NeverGivesMarksOrSuppressedTokens() => Check((tokens, _) =>
        tokens.All(token => (Control.IsText(token) || Control.IsTimestamp(token)) && !Control.Suppressed.Contains(token)));

    [Fact]
    public void Take_TimestampsLikelierTogetherThanAnyWord_TakesATimestamp()
    {
        var sequence = Sequence(positions: 100, seed: 0);
        sequence.Take(Flat(-100, (Control.FirstTimestamp, 0)));
        sequence.Take(Flat(-100, (7, 0)));

        // Each timestamp is less likely than the word, all together are likelier.
        var logits = Flat(-100, (8, 1));
        logits.AsSpan(Control.FirstTimestamp).Clear();

        Control.IsTimestamp(sequence.Take(logits)).ShouldBeTrue();
    }

    [Fact]
    public void Take_WithoutTimestamps_GivesNoneAndNoBlankBegin()
    {
        var sequence = new TokenSequence(new DecodingTask([], 0, 100, 5, Timestamps: false), Control);

        sequence.Take(Flat(0, (5, 9), (Control.EndOfText, 8), (40, 7), (6, 1))).ShouldBe(6);
        sequence.Take(Flat(0, (5, 9), (40, 10))).ShouldBe(5);
    }

    private static void Check(Func<IReadOnlyList<int>, int, bool> rule) => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 100).ToArbitrary(), Gen.Choose(0, 10).ToArbitrary(), (seed, positions, tenths) =>
        {
            var random = new Random(seed);
            var sequence = Sequence(positions, seed, tenths / 10f);
            while (!sequence.Finished)
            {
                sequence.Take(SmallVocabulary.RandomLogits(random));
            }
            return rule(sequence.Tokens, positions);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static TokenSequence Sequence(int positions, int seed, float temperature = 0) =>
        new(new DecodingTask([], 0, positions, MaxTokens: 40, temperature, seed), Control);

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
