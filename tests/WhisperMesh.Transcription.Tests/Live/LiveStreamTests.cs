using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveStreamTests(RunningWorker worker)
{
    private const double Pause = 1.5;

    [Fact]
    public async Task StreamLive_TwoUtterances_TellsTheirWordsInContractOrder()
    {
        var config = LiveCall.Config();
        config.RequestId = "live-1";
        using var call = await LiveCall.StartAsync(worker, config);

        var summary = await call.FinishAsync(Talk.Of(Pause, "en-sorry", "en-auth-incorrect"));

        call.Events[0].Started.ShouldBe(new LiveStarted { RequestId = "live-1", Model = "whisper-base", WorkerId = summary.WorkerId });
        var finals = call.Finals;
        finals.Select(final => final.Reason).ShouldBe([EndpointReason.Pause, EndpointReason.Pause]);
        finals.Select(final => final.Segment.Index).ShouldBe([0, 1]);
        WordErrorRate.Errors(Talk.Sorry, finals[0].Segment.Text).ShouldBeLessThanOrEqualTo(1, finals[0].Segment.Text);
        WordErrorRate.Errors(Talk.Incorrect, finals[1].Segment.Text).ShouldBeLessThanOrEqualTo(1, finals[1].Segment.Text);
        call.Events.Count(e => e.SpeechStarted is not null).ShouldBe(2);
        call.Events.Count(e => e.SpeechEnded is not null).ShouldBe(2);
        (summary.UtteranceCount, summary.LanguageCode, summary.RequestId).ShouldBe((2, "en", "live-1"));
        summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBe(Talk.Of(Pause, "en-sorry", "en-auth-incorrect").Length / 32_000.0, 0.001);
        summary.SpeechDuration.ToTimeSpan().ShouldBeLessThan(summary.AudioDuration.ToTimeSpan());
        summary.PassCount.ShouldBeGreaterThan(2);
        summary.Decoding.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        worker.LiveGate.Count.ShouldBe(0);
    }

    [Fact]
    public async Task StreamLive_Words_ComeBeforeTheAudioEndsAndNeverChange()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        var audio = Talk.Of(Pause, "en-sorry");
        await call.SendAsync(audio.AsMemory(0, 96_000));

        // No pause yet, and no end: the word is committed in mid-speech.
        var early = await call.ReadUntilAsync(e => e.Update?.Words.Count > 0);
        await call.FinishAsync(audio.AsMemory(96_000));

        early.Progress.AudioReceived.ToTimeSpan().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(3));
        var final = call.Finals.ShouldHaveSingleItem();
        string.Concat(call.Words.Select(word => word.Text)).Trim().ShouldBe(final.Segment.Text);
        call.Words.Select(word => word.Text.Trim()).ShouldBe(final.Segment.Words.Select(word => word.Text));
        call.Words.Zip(call.Words.Skip(1)).ShouldAllBe(pair => pair.First.StartOffset.ToTimeSpan() <= pair.Second.StartOffset.ToTimeSpan());
        call.Events.ShouldContain(e => e.Update != null && e.Update.TentativeText.Length > 0);
    }

    [Fact]
    public async Task StreamLive_Progress_OnlyGrowsAndCommitsWithinWhatWasReceived()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        var audio = Talk.Of(Pause, "en-sorry", "en-auth-incorrect");

        await call.FinishAsync(audio);

        var steps = call.Events.Select(e => e.Progress).ToList();
        foreach (var (before, after) in steps.Zip(steps.Skip(1)))
        {
            after.AudioReceived.ToTimeSpan().ShouldBeGreaterThanOrEqualTo(before.AudioReceived.ToTimeSpan());
            after.AudioCommitted.ToTimeSpan().ShouldBeGreaterThanOrEqualTo(before.AudioCommitted.ToTimeSpan());
            after.ReceivedPosition.ShouldBeGreaterThanOrEqualTo(before.ReceivedPosition);
            after.AcknowledgedPosition.ShouldBeGreaterThanOrEqualTo(before.AcknowledgedPosition);
        }

        steps.ShouldAllBe(step => step.AudioCommitted.ToTimeSpan() <= step.AudioReceived.ToTimeSpan());
        (steps[^1].ReceivedPosition, steps[^1].AudioCommitted).ShouldBe((audio.Length, steps[^1].AudioReceived));
        foreach (var happened in call.Events.Where(e => e.Final is not null))
        {
            happened.Progress.AcknowledgedPosition.ShouldBe(happened.Final.Checkpoint.Position);
            happened.Final.Checkpoint.Offset.ToTimeSpan().TotalSeconds.ShouldBe(happened.Final.Checkpoint.Position / 32_000.0, 0.0001);
        }
    }

    [Fact]
    public async Task StreamLive_Silence_GivesNoText()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());

        var summary = await call.FinishAsync(Talk.Silence(30));

        call.Events.ShouldAllBe(e => e.Update == null && e.Final == null && e.SpeechStarted == null);
        (summary.PassCount, summary.UtteranceCount).ShouldBe((0, 0));
        call.Events[^1].Progress.AudioCommitted.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task StreamLive_Commit_EndsTheUtteranceThere()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        await call.SendAsync(Talk.Of(0, "en-sorry"));

        await call.CommitAsync();

        var final = (await call.ReadUntilAsync(e => e.Final is not null)).Final;
        final.Reason.ShouldBe(EndpointReason.Commit);
        WordErrorRate.Errors(Talk.Sorry, final.Segment.Text).ShouldBeLessThanOrEqualTo(1, final.Segment.Text);
        (await call.FinishAsync()).UtteranceCount.ShouldBe(1);
    }

    [Fact]
    public async Task StreamLive_Clear_DropsWhatWasNotCommitted()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        var first = Talk.Of(0, "en-sorry");
        await call.SendAsync(first.AsMemory(0, 48_000));

        await call.ClearAsync();

        var final = (await call.ReadUntilAsync(e => e.Final is not null)).Final;
        final.Reason.ShouldBe(EndpointReason.Clear);
        final.Segment.Text.ShouldBe(call.Text);
        await call.FinishAsync(Talk.Of(Pause, "en-auth-incorrect"));
        call.Finals[1].Segment.Text.ShouldContain("password", Case.Insensitive);
    }

    [Fact]
    public async Task StreamLive_Manual_LooksAtNoPause()
    {
        var config = LiveCall.Config();
        config.Endpointing = new() { Manual = true };
        using var call = await LiveCall.StartAsync(worker, config);

        await call.FinishAsync(Talk.Of(Pause, "en-sorry", "en-auth-incorrect"));

        var final = call.Finals.ShouldHaveSingleItem();
        final.Reason.ShouldBe(EndpointReason.EndOfAudio);
        WordErrorRate.Errors($"{Talk.Sorry} {Talk.Incorrect}", final.Segment.Text).ShouldBeLessThanOrEqualTo(3, final.Segment.Text);
    }

    [Fact]
    public async Task StreamLive_OmitTentative_TellsCommittedWordsOnly()
    {
        var config = LiveCall.Config();
        config.OmitTentative = true;
        using var call = await LiveCall.StartAsync(worker, config);

        await call.FinishAsync(Talk.Of(Pause, "en-sorry"));

        call.Events.ShouldContain(e => e.Update != null);
        call.Events.ShouldAllBe(e => e.Update == null || (e.Update.Words.Count > 0 && e.Update.TentativeText.Length == 0));
    }

    [Fact]
    public async Task StreamLive_RegionOfALanguage_IsWarnedOf()
    {
        var config = LiveCall.Config();
        config.LanguageCode = "en-GB";
        using var call = await LiveCall.StartAsync(worker, config);

        var summary = await call.FinishAsync(Talk.Silence(1));

        summary.Warnings.ShouldBe(["The language 'en-GB' is heard as 'en': the model knows no regions."]);
        call.Events[0].Started.Warnings.ShouldBe(summary.Warnings);
    }

    [Fact]
    public async Task StreamLive_AnyFormat_GivesTheSameText()
    {
        var config = LiveCall.Config();
        config.AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 48_000, ChannelCount = 1 };
        using var call = await LiveCall.StartAsync(worker, config);

        var summary = await call.FinishAsync(Talk.At48Khz(Talk.Of(Pause, "en-sorry")));

        WordErrorRate.Errors(Talk.Sorry, call.Text).ShouldBeLessThanOrEqualTo(1, call.Text);
        summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBe(5.42, 0.05);
    }

    [Fact]
    public async Task StreamLive_AudioSentTwice_IsHeardOnce()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        var audio = Talk.Of(Pause, "en-sorry");
        await call.SendAsync(LiveCall.Audio(audio[..50_000], position: 0));
        await call.SendAsync(LiveCall.Audio(audio[..20_000], position: 0));
        await call.SendAsync(LiveCall.Audio(audio[30_001..90_001], position: 30_001));
        await call.SendAsync(LiveCall.Audio(audio[90_000..120_000], position: 90_000));

        await call.FinishAsync(audio.AsMemory(120_000));

        call.Events[^1].Progress.ReceivedPosition.ShouldBe(audio.Length);
        WordErrorRate.Errors(Talk.Sorry, call.Text).ShouldBeLessThanOrEqualTo(1, call.Text);
    }
}
