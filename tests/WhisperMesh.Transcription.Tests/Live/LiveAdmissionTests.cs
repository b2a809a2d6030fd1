using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveAdmissionTests(RunningWorker worker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamLive_AsManyAsMayBe_TheNextIsRefusedWithRetryInfo()
    {
        var limit = (await worker.WorkerClient.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: Token))
            .Capabilities.LiveStreamLimit;
        var tickets = Enumerable.Range(0, limit).Select(_ => worker.LiveGate.Admit()).ToList();

        var error = await LiveCall.FailAsync(worker, new StreamLiveRequest { Config = LiveCall.Config() });

        tickets.ForEach(ticket => ticket.Dispose());
        (error.StatusCode, error.Reason).ShouldBe((StatusCode.ResourceExhausted, ErrorReasons.QueueFull));
        error.RetryAfter.ShouldNotBeNull();
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());
        await call.FinishAsync();
    }

    [Fact]
    public async Task StreamLive_Running_CountsBesideTheRequests()
    {
        using var call = await LiveCall.StartAsync(worker, LiveCall.Config());

        var load = (await worker.WorkerClient.GetLoadAsync(new GetLoadRequest(), cancellationToken: Token)).Load;

        (load.LiveStreamCount, load.ActiveRequestCount).ShouldBe((1, 0));
        load.Models.ShouldHaveSingleItem().ActiveRequestCount.ShouldBe(1);
        // The only place for requests is free.
        (await worker.TranscribeAsync(new TranscriptionConfig(), RunningWorker.Recording("en-sorry"), Token))[^1].Summary.ShouldNotBeNull();
        await call.FinishAsync();
        (await worker.WorkerClient.GetLoadAsync(new GetLoadRequest(), cancellationToken: Token)).Load.LiveStreamCount.ShouldBe(0);
    }

    [Fact]
    public async Task StreamLive_ClientGoneInMidSpeech_FreesThePlace()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = new LiveCall(worker, gone.Token);
        await call.SendAsync(new StreamLiveRequest { Config = LiveCall.Config() });
        await call.SendAsync(Talk.Of(0, "en-sorry").AsMemory(0, 64_000));
        await call.ReadUntilAsync(e => e.Update is not null);
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.LiveGate.Changed += () => free.TrySetResult();

        await gone.CancelAsync();

        await free.Task.WaitAsync(LiveCall.Bound, Token);
        worker.LiveGate.Count.ShouldBe(0);
        using var next = await LiveCall.StartAsync(worker, LiveCall.Config());
        (await next.FinishAsync()).UtteranceCount.ShouldBe(0);
    }

    [Fact]
    public async Task StreamLive_TwoAtOnce_ShareTheBatchAndDoNotMix()
    {
        using var first = await LiveCall.StartAsync(worker, LiveCall.Config());
        using var second = await LiveCall.StartAsync(worker, LiveCall.Config());
        var before = await worker.ReadStatisticsAsync(Token);

        await Task.WhenAll(first.FinishAsync(Talk.Of(1.5, "en-sorry")), second.FinishAsync(Talk.Of(1.5, "en-auth-incorrect")));

        first.Text.ShouldContain("sorry", Case.Insensitive);
        second.Text.ShouldContain("password", Case.Insensitive);
        first.Text.ShouldNotContain("password", Case.Insensitive);
        var after = await worker.ReadStatisticsAsync(Token);
        // More rows than steps: some steps read for both.
        (after.Rows - before.Rows).ShouldBeGreaterThan(after.Steps - before.Steps);
    }
}
