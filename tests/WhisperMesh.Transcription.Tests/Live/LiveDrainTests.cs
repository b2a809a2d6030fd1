using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveDrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_SomebodySpeaks_TheStreamIsHandedBackAfterTheUtterance()
    {
        await using var worker = await RunningWorker.StartAsync("--Drain:Notice=00:00:00", "--Transcription:DrainTimeout=00:02:00");
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        using var silent = await LiveCall.StartAsync(worker, LiveCall.Config());
        var audio = Talk.Of(1.5, "en-sorry");
        await call.SendAsync(audio.AsMemory(0, 96_000));
        await call.ReadUntilAsync(e => e.SpeechStarted is not null);

        var stopped = worker.StopAsync(Token);
        // Nobody speaks there: it is handed back at once.
        var atOnce = await silent.FailAsync();
        call.Events.ShouldAllBe(e => e.Final == null);
        var sent = call.SendAsync(audio.AsMemory(96_000));
        var error = await call.FailAsync();

        atOnce.Reason.ShouldBe(ErrorReasons.Draining);
        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.Draining));
        call.Events[^1].Final.ShouldNotBeNull().Segment.Text.ShouldContain("sorry", Case.Insensitive);
        // What came after the end of the stream may not have gone out.
        await sent.ContinueWith(_ => { }, TaskScheduler.Default);
        await stopped.WaitAsync(LiveCall.Bound, Token);
    }

    [Fact]
    public async Task Stop_SpeechHasNoEnd_TheStreamIsHandedBackInTime()
    {
        await using var worker = await RunningWorker.StartAsync("--Drain:Notice=00:00:00", "--Transcription:DrainTimeout=00:00:04");
        var config = LiveCall.Config();
        config.Endpointing = new() { Manual = true };
        using var call = await LiveCall.StartAsync(worker, config);
        await call.SendAsync(Talk.Of(0, "en-sorry").AsMemory(0, 96_000));
        await call.ReadUntilAsync(e => e.SpeechStarted is not null);

        var stopped = worker.StopAsync(Token);

        var error = await call.FailAsync();
        (error.StatusCode, error.Reason).ShouldBe((StatusCode.Unavailable, ErrorReasons.Draining));
        await stopped.WaitAsync(LiveCall.Bound, Token);
    }
}
