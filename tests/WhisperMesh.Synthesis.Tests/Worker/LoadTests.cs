using Google.Rpc;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

[Collection(typeof(SharedWorker))]
public sealed class LoadTests(RunningWorker worker)
{
    // Minutes of speech: not made before the test is done with it.
    private static readonly string LongText = string.Concat(Enumerable.Repeat("This goes on and on. ", 190));

    [Fact]
    public async Task Synthesize_CancelledMidWay_LeavesTheWorkerIdle()
    {
        var before = (await worker.LoadAsync()).CompletedRequestCount;
        using (var call = await StartLongAsync())
        {
            (await worker.LoadAsync()).ActiveRequestCount.ShouldBe(1);
        }

        var load = await worker.WaitForLoadAsync(load => load is { ActiveRequestCount: 0, QueuedRequestCount: 0 });
        load.CompletedRequestCount.ShouldBe(before + 1);
        (await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = "Still here." })).Summary.ShouldNotBeNull();
    }

    [Fact]
    public async Task Synthesize_TwoAtOnce_DoNotMix()
    {
        const string Short = "Yes.";
        var long1 = string.Concat(Enumerable.Repeat("A sentence that takes its time. ", 5));

        var both = await Task.WhenAll(
            Spoken.ReadAsync(worker, new SynthesizeRequest { Text = long1, RequestId = "long" }),
            Spoken.ReadAsync(worker, new SynthesizeRequest { Text = Short, RequestId = "short" }));

        both.Select(spoken => spoken.Summary.RequestId).ShouldBe(["long", "short"]);
        both.Select(spoken => spoken.Started.RequestId).ShouldBe(["long", "short"]);
        (await both[0].DecodedDurationAsync()).TotalSeconds.ShouldBeInRange(7, 20);
        (await both[1].DecodedDurationAsync()).TotalSeconds.ShouldBeInRange(0.2, 2);
    }

    [Fact]
    public async Task Synthesize_QueueFull_IsRefusedWithRetryInfoAndTheWaitingOneIsServed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var running = new List<AsyncServerStreamingCall<SynthesizeResponse>>();
        try
        {
            for (var i = 0; i < RunningWorker.Places; i++)
            {
                running.Add(await StartLongAsync());
            }

            var waiting = Spoken.ReadAsync(worker, new SynthesizeRequest { Text = "At last." });
            await worker.WaitForLoadAsync(load => load.QueuedRequestCount == RunningWorker.QueueLimit);

            var error = await Should.ThrowAsync<RpcException>(
                () => Spoken.ReadAsync(worker, new SynthesizeRequest { Text = "One too many." }));
            error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
            var status = error.GetRpcStatus().ShouldNotBeNull();
            status.GetDetail<ErrorInfo>().ShouldNotBeNull().Reason.ShouldBe(ErrorReasons.QueueFull);
            status.GetDetail<RetryInfo>().ShouldNotBeNull().RetryDelay.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);

            running[0].Dispose();
            var spoken = await waiting.WaitAsync(cancellationToken);
            spoken.Summary.Queued.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        }
        finally
        {
            running.ForEach(call => call.Dispose());
        }

        await worker.WaitForLoadAsync(load => load is { ActiveRequestCount: 0, QueuedRequestCount: 0 });
    }

    // Returns when the call holds a place.
    private async Task<AsyncServerStreamingCall<SynthesizeResponse>> StartLongAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var call = worker.Speech.Synthesize(new SynthesizeRequest { Text = LongText }, cancellationToken: cancellationToken);
        (await call.ResponseStream.MoveNext(cancellationToken)).ShouldBeTrue();
        return call;
    }
}
