using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>The small parts that a live stream is decided by.</summary>
public sealed class LiveStateTests
{
    private const int Chunk = 512;

    [Fact]
    public void SpeechGate_ShortNoise_NeverOpens()
    {
        var gate = new SpeechGate(0.5f);

        Feed(gate, 0, 0.9f, 0.9f, 0.9f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f);

        gate.IsOpen.ShouldBeFalse();
        gate.Start.ShouldBeNull();
    }

    [Fact]
    public void SpeechGate_SpeechWithADip_StaysOpenAndTellsWhereSilenceBegins()
    {
        var gate = new SpeechGate(0.5f);

        Feed(gate, 0, 0.1f, 0.9f, 0.9f, 0.4f, 0.9f, 0.9f);
        gate.IsOpen.ShouldBeTrue();
        gate.Start.ShouldBe(Chunk);
        gate.SilenceStart.ShouldBeNull("0.4 is within the hysteresis");

        Feed(gate, 6 * Chunk, 0.1f, 0.4f, 0.2f);
        gate.SilenceStart.ShouldBe(6 * Chunk);

        Feed(gate, 9 * Chunk, 0.6f);
        gate.SilenceStart.ShouldBeNull();
    }

    [Fact]
    public void PassClock_VoiceComes_IsDueSoonerAtFirstThanLater()
    {
        var clock = new PassClock(new LatencyPlan(First: 2 * Chunk, Interval: 4 * Chunk, Safe: 0));

        Due(clock, isVoice: true, chunks: 2).ShouldBe([false, true]);
        clock.Started();
        Due(clock, isVoice: true, chunks: 4).ShouldBe([false, false, false, true]);
    }

    [Fact]
    public void PassClock_PauseBegins_IsDueOnceForTheVoiceBeforeIt()
    {
        var clock = new PassClock(new LatencyPlan(First: 100 * Chunk, Interval: 100 * Chunk, Safe: 0));
        Due(clock, isVoice: true, chunks: 1);

        Due(clock, isVoice: false, chunks: 6).ShouldBe([false, false, false, false, true, true]);
        clock.Started();
        Due(clock, isVoice: false, chunks: 50).ShouldAllBe(due => !due);
    }

    [Fact]
    public void LoadWatch_PassesLate_IsBusyUntilTheyAreOftenAgain()
    {
        var watch = new LoadWatch(asked: 6_400);

        watch.Add(late: 16_000).ShouldBeFalse("one late pass is none");
        Enumerable.Range(0, 3).Count(_ => watch.Add(late: 16_000)).ShouldBe(1);
        watch.IsBusy.ShouldBeTrue();
        LiveTime.Of(watch.Interval).TotalSeconds.ShouldBeInRange(0.9, 1.4);

        Enumerable.Range(0, 8).Count(_ => watch.Add(late: 0)).ShouldBe(1);
        watch.IsBusy.ShouldBeFalse();
    }

    [Fact]
    public void WindowTrim_SentenceEnds_IsWhereTheWindowBeginsAnew()
    {
        List<HeardWord> words =
            [new(" One.", 0, 10_000, 1), new(" Two.\"", 20_000, 30_000, 1), new(" and", 34_000, 40_000, 1), new(" on", 40_000, 44_000, 1)];

        WindowTrim.Find(words, 46_000).ShouldBe(32_000);
        WindowTrim.Find(words, 46_000, from: 33_000).ShouldBe(45_000);
        WindowTrim.Find([.. words.Skip(3)], 44_000).ShouldBeNull();
    }

    [Fact]
    public void LiveContext_LongText_IsItsEndFromAWordOn()
    {
        LiveContext.EndOf(" short").ShouldBe(" short");

        var end = LiveContext.EndOf(string.Concat(Enumerable.Range(0, 100).Select(i => $" word{i}")));
        end.ShouldStartWith(" word");
        end.ShouldEndWith(" word99");
        end.Length.ShouldBeLessThanOrEqualTo(200);

        // No spaces, and a letter of two characters at the cut.
        var letters = LiveContext.EndOf("x" + string.Concat(Enumerable.Repeat("𠮷", 200)));
        letters.Length.ShouldBeLessThanOrEqualTo(200);
        letters.ShouldStartWith("𠮷");
    }

    [Theory]
    [InlineData(" Word.", " word", true)]
    [InlineData(" \"It's", " it's,", true)]
    [InlineData(" its", " it's", false)]
    [InlineData(" ...", " ...", true)]
    [InlineData(" ...", " ?", false)]
    [InlineData("字。", "字", true)]
    public void WordMatch_CaseAndPunctuationAround_AreNoDifference(string one, string other, bool same) =>
        WordMatch.AreSame(one, other).ShouldBe(same);

    private static void Feed(SpeechGate gate, long start, params float[] probabilities)
    {
        foreach (var probability in probabilities)
        {
            gate.Add(probability, start);
            start += Chunk;
        }
    }

    private static List<bool> Due(PassClock clock, bool isVoice, int chunks) => [.. Enumerable.Range(1, chunks).Select(count =>
    {
        clock.Add(isVoice, isVoice ? 0 : count * Chunk);
        return clock.IsDue;
    })];
}
