using Google.Protobuf;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveResumeTests(RunningWorker worker)
{
    private const double Pause = 1.5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamLive_ResumedFromCheckpointAndWords_GivesTheTextOfTheUnbrokenRun(bool at48Khz)
    {
        var audio = Talk.Of(Pause, "en-sorry", "en-auth-incorrect", "en-vm-sorry");
        var config = LiveCall.Config();
        if (at48Khz)
        {
            audio = Talk.At48Khz(audio);
            config.AudioFormat.SampleRateHz = 48_000;
        }

        using var whole = await LiveCall.StartAsync(worker, config);
        var unbroken = await whole.FinishAsync(audio);

        // Broken in the second utterance, once words of it are committed.
        using var first = await LiveCall.StartAsync(worker, config);
        await first.SendAsync(audio.AsMemory(0, audio.Length / 2));
        var told = await first.ReadUntilAsync(e => e.Update is { UtteranceIndex: 1, Words.Count: > 0 });
        first.Dispose();
        var checkpoint = first.Finals.ShouldHaveSingleItem().Checkpoint;
        var resumed = config.Clone();
        resumed.Resume = new LiveResume { Checkpoint = checkpoint };
        resumed.Resume.Words.Add(first.Events.Where(e => e.Update is { UtteranceIndex: 1 }).SelectMany(e => e.Update.Words));

        using var second = await LiveCall.StartAsync(worker, resumed);
        second.Events[0].Started.Resumed.ShouldBeTrue();
        second.Events[0].Started.Position.ShouldBe(checkpoint.Position);
        var rest = await second.FinishAsync(audio.AsMemory((int)checkpoint.Position));

        told.Progress.AcknowledgedPosition.ShouldBe(checkpoint.Position);
        string[] texts = [first.Finals[0].Segment.Text, .. second.Finals.Select(final => final.Segment.Text)];
        texts.ShouldBe(whole.Finals.Select(final => final.Segment.Text));
        second.Finals.Select(final => final.Segment.Index).ShouldBe([1, 2]);
        second.Finals.Select(final => final.Checkpoint).ShouldBe(whole.Finals.Skip(1).Select(final => final.Checkpoint));
        string.Concat(first.Words.Concat(second.Words).Select(word => word.Text)).ShouldBe(string.Concat(whole.Words.Select(word => word.Text)));
        rest.AudioDuration.ShouldBe(unbroken.AudioDuration);
        rest.SpeechDuration.ShouldBe(unbroken.SpeechDuration);
    }

    [Fact]
    public async Task StreamLive_ResumedFromItsStart_TakesItsWordsAsTold()
    {
        var audio = Talk.Of(Pause, "en-sorry");
        using var first = await LiveCall.StartAsync(worker, LiveCall.Config());
        await first.SendAsync(audio.AsMemory(0, 96_000));
        await first.ReadUntilAsync(e => e.Update?.Words.Count > 0);
        first.Dispose();
        var config = LiveCall.Config();
        config.Resume = new LiveResume();
        config.Resume.Words.Add(first.Words);

        using var second = await LiveCall.StartAsync(worker, config);
        await second.FinishAsync(audio);

        second.Events[0].Started.Position.ShouldBe(0);
        string.Concat(first.Words.Concat(second.Words).Select(word => word.Text)).Trim()
            .ShouldBe(second.Finals.ShouldHaveSingleItem().Segment.Text);
    }

    [Fact]
    public async Task StreamLive_ResumedAtAPlaceInSilenceOfAnotherRate_TakesTheAudioFromThere()
    {
        var config = LiveCall.Config();
        config.AudioFormat.SampleRateHz = 48_000;
        config.Resume = new LiveResume { Checkpoint = new LiveCheckpoint { Position = 96_000, Offset = new() { Seconds = 1 } } };

        using var call = await LiveCall.StartAsync(worker, config);
        await call.SendAsync(new StreamLiveRequest
        {
            Audio = new LiveAudio { Data = ByteString.CopyFrom(new byte[9600]), Position = 96_000 },
        });
        var summary = await call.FinishAsync();

        summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(1.1));
    }
}
