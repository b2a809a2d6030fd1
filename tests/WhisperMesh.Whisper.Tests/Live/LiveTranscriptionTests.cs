using WhisperMesh.Whisper.Live;
using WhisperMesh.Whisper.Tests.Transcribing;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>Streams of real speech through the real model.</summary>
public sealed class LiveTranscriptionTests(ModelFixture fixture)
{
    [Theory]
    [InlineData(LiveLatency.Low)]
    [InlineData(LiveLatency.High)]
    public async Task ReadAsync_TalkWithPauses_TellsItsWordsAndAnUtteranceForEachPhrase(LiveLatency latency)
    {
        var talk = LiveRun.Talk(4);

        var run = await LiveRun.OfAsync(fixture, LiveRun.ByAudio with { Latency = latency }, talk.Samples);

        LiveRun.Errors(talk, run.Text).ShouldBeLessThanOrEqualTo(4);
        run.Finals.ShouldAllBe(final => final.Reason == EndpointReason.Pause || final == run.Finals.Last());
        run.Events.OfType<SpeechBegan>().Count().ShouldBe(run.Finals.Count());
        run.Finals.ShouldAllBe(final => final.Segment.Verdict == SegmentVerdict.Ok && final.Segment.Language == "en");
        run.Finals.ShouldAllBe(final => final.Segment.AverageLogProbability < 0 && final.Segment.CompressionRatio > 0);
        run.Completed.Language.ShouldBe("en");
        run.Completed.Utterances.ShouldBe(run.Finals.Count());
        run.Completed.Speech.TotalSeconds.ShouldBeInRange(15, 22);
        run.Completed.Committed.TotalSeconds.ShouldBe(talk.Samples.Length / 16_000.0, 0.001);
        run.Completed.Passes.ShouldBeGreaterThan(0);
        run.Completed.Decoding.ShouldBeGreaterThan(TimeSpan.Zero);
        run.Events.OfType<WordsHeard>().ShouldAllBe(heard => heard.Stability >= 0 && heard.Stability <= 1 && heard.Language == "en");
    }

    [Fact]
    public async Task ReadAsync_PassesByNeed_GivesTheSameWordsWithinAFew()
    {
        var talk = LiveRun.Talk(3);

        var run = await LiveRun.OfAsync(fixture, new LiveOptions { Request = new TranscriptionRequest { Language = "en" } }, talk.Samples);

        LiveRun.Errors(talk, run.Text).ShouldBeLessThanOrEqualTo(4);
        run.Finals.Count().ShouldBeGreaterThanOrEqualTo(3);
    }

    /// <summary>
    /// Of its first moments the model makes "password incorrect password incorrect …", and in the next pass a half of that, or hears
    /// it twice in both.
    /// </summary>
    [Theory]
    [InlineData(12_810, 4)]
    [InlineData(12_270, 4)]
    [InlineData(14_700, 1)]
    public async Task ReadAsync_YoungPhraseThatIsHeardAsALoop_NothingOfTheLoopStands(int silence, int gain)
    {
        var sound = Repository.Named("en-auth-incorrect").Samples().Take(24_000).Select(sample => Math.Clamp(sample * gain, -1, 1));

        var run = await LiveRun.OfAsync(
            fixture, LiveRun.ByAudio with { Latency = LiveLatency.Minimal }, [.. new float[silence], .. sound]);

        run.Text.ToLowerInvariant().Split("password").Length.ShouldBe(2, run.Text);
    }

    [Fact]
    public async Task CommitAsync_MidSpeechAndInSilence_EndsAnUtteranceEachTime()
    {
        var sound = Repository.Named("en-vm-intro").Samples();

        var run = await LiveRun.OfAsync(fixture, LiveRun.ByAudio, async live =>
        {
            await live.HearAsync(sound.AsMemory(0, 32_000), TestContext.Current.CancellationToken);
            await live.CommitAsync(TestContext.Current.CancellationToken);
            await live.HearAsync(sound.AsMemory(32_000), TestContext.Current.CancellationToken);
            await live.HearAsync(new float[32_000], TestContext.Current.CancellationToken);
            await live.CommitAsync(TestContext.Current.CancellationToken);
        });

        var commits = run.Finals.Where(final => final.Reason == EndpointReason.Commit).ToList();
        commits.Count.ShouldBe(2);
        commits[0].Segment.Text.ShouldStartWith(" Please leave");
        commits[0].Checkpoint.Sample.ShouldBe(32_000);
        commits[1].Segment.Text.ShouldBeEmpty();
        commits[1].Checkpoint.Sample.ShouldBe(sound.Length + 32_000);
    }

    [Fact]
    public async Task ClearAsync_MidSpeech_KeepsWhatIsCommittedAndDropsTheRest()
    {
        var sound = Repository.Named("en-vm-intro").Samples();

        var run = await LiveRun.OfAsync(fixture, LiveRun.ByAudio with { Latency = LiveLatency.Minimal }, async live =>
        {
            await live.HearAsync(sound.AsMemory(0, 40_000), TestContext.Current.CancellationToken);
            await live.ClearAsync(TestContext.Current.CancellationToken);
            await live.HearAsync(new float[16_000], TestContext.Current.CancellationToken);
        });

        var final = run.Finals.ShouldHaveSingleItem();
        final.Reason.ShouldBe(EndpointReason.Clear);
        final.Checkpoint.Sample.ShouldBe(40_000);
        final.Segment.Text.ShouldNotBeEmpty();
        run.Events.OfType<WordsHeard>().Last(heard => heard.Tentative.Length > 0).ShouldNotBeNull("something was open");
    }

    [Fact]
    public async Task HearAsync_Manual_KeepsOneUtteranceOverPauses()
    {
        var talk = LiveRun.Talk(3, skip: 1);

        var run = await LiveRun.OfAsync(
            fixture, LiveRun.ByAudio with { Endpointing = new Endpointing { Manual = true } }, talk.Samples);

        var final = run.Finals.ShouldHaveSingleItem();
        final.Reason.ShouldBe(EndpointReason.EndOfAudio);
        LiveRun.Errors(talk, final.Segment.Text).ShouldBeLessThanOrEqualTo(3);
        run.Events.OfType<SpeechPaused>().ShouldBeEmpty();
        // A pause settles its words all the same.
        run.Events.OfType<WordsHeard>().First(heard => heard.Received.TotalSeconds > 6).Committed.TotalSeconds.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task HearAsync_SpeechGoesOnForTooLong_CutsBetweenWordsAndGoesOn()
    {
        // Without the silence between them.
        var talk = Splice.Of(LiveRun.Talk(5).Recordings, pause: 2_400, tight: true);
        var longest = TimeSpan.FromSeconds(8);

        var run = await LiveRun.OfAsync(
            fixture, LiveRun.ByAudio with { Endpointing = new Endpointing { MaximumUtterance = longest } }, talk.Samples);

        var cut = run.Finals.Where(final => final.Reason == EndpointReason.MaximumDuration).ToList();
        cut.Count.ShouldBeGreaterThanOrEqualTo(2);
        cut.ShouldAllBe(final => final.Segment.Duration <= longest + TimeSpan.FromSeconds(1));
        LiveRun.Errors(talk, run.Text).ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public async Task HearAsync_LongPauseAskedFor_CommitsBeforeTheUtteranceEnds()
    {
        var sound = Repository.Named("en-sorry").Samples();
        var options = LiveRun.ByAudio with { Endpointing = new Endpointing { Pause = TimeSpan.FromSeconds(3) } };

        var run = await LiveRun.OfAsync(fixture, options, [.. sound, .. new float[64_000]]);

        var final = run.Finals.ShouldHaveSingleItem();
        final.Reason.ShouldBe(EndpointReason.Pause);
        (final.Received - run.Events.OfType<WordsHeard>().Last().Received).TotalSeconds.ShouldBeGreaterThan(1.5);
        run.Events.OfType<SpeechPaused>().ShouldHaveSingleItem().End.ShouldBeLessThan(final.Received - TimeSpan.FromSeconds(2.9));
    }

    [Fact]
    public async Task HearAsync_NoiseTakenForSpeech_EndsUtterancesWithoutText()
    {
        var random = new Random(2);
        float[] noise = [.. Enumerable.Range(0, 10 * 16_000).Select(i => i / 16_000 % 4 < 2 ? (random.NextSingle() - 0.5f) * 0.2f : 0)];
        var options = LiveRun.ByAudio with { Endpointing = new Endpointing { Threshold = 0.01f } };

        var run = await LiveRun.OfAsync(fixture, options, noise);

        run.Finals.ShouldNotBeEmpty();
        run.Finals.ShouldAllBe(final => final.Segment.Text.Length == 0 && final.Segment.Verdict == SegmentVerdict.SuspectedSilence);
        run.Events.OfType<WordsHeard>().ShouldBeEmpty();
        run.Completed.Utterances.ShouldBe(0);
    }

    [Fact]
    public async Task HearAsync_HalfAnHourOfSilence_MakesNoPassAndTellsThatItIsHeard()
    {
        var random = new Random(1);
        var minute = new float[60 * 16_000];
        for (var i = 0; i < minute.Length; i++)
        {
            minute[i] = (random.NextSingle() - 0.5f) * 0.002f;
        }

        var run = await LiveRun.OfAsync(fixture, new LiveOptions(), async live =>
        {
            for (var i = 0; i < 30; i++)
            {
                await live.HearAsync(minute, TestContext.Current.CancellationToken);
            }
        });

        run.Completed.Passes.ShouldBe(0);
        run.Completed.Language.ShouldBeNull();
        run.Completed.Speech.ShouldBe(TimeSpan.Zero);
        run.Events.SkipLast(1).ShouldAllBe(happened => happened is LoadChanged);

        // A sign of life comes 5 s after the audio that the last one says was received, which is two minutes ahead at most when it
        // comes faster than it is heard: a minute that waits, and the minute being taken.
        run.Events.Last(happened => happened is LoadChanged).Committed.ShouldBeGreaterThan(TimeSpan.FromMinutes(27.5));
    }
}
