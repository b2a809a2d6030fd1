using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.ServiceDefaults.Tests.Workers;

public sealed class WorkerGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admit_PlacesAndQueueFull_Refuses()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        using var first = worker.Gate.Admit();
        using var second = worker.Gate.Admit();

        var error = Should.Throw<MeshException>(() => worker.Gate.Admit());

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        error.Reason.ShouldBe(ErrorReasons.QueueFull);
        error.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task WaitAsync_PlaceTaken_WaitsUntilItIsFree()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        var first = worker.Gate.Admit();
        await first.WaitAsync(Token);
        using var second = worker.Gate.Admit();
        var waiting = second.WaitAsync(Token);
        waiting.IsCompleted.ShouldBeFalse();
        worker.Gate.Load.QueuedRequestCount.ShouldBe(1);

        first.Dispose();

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Token);
        worker.Gate.Load.ActiveRequestCount.ShouldBe(1);
        worker.Gate.Load.QueuedRequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task WaitAsync_CancelledInQueue_LeavesPlaceToTheNext()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        var first = worker.Gate.Admit();
        await first.WaitAsync(Token);
        var second = worker.Gate.Admit();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = second.WaitAsync(gone.Token);

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        second.Dispose();
        using var third = worker.Gate.Admit();
        var next = third.WaitAsync(Token);
        first.Dispose();

        await next.WaitAsync(TimeSpan.FromSeconds(10), Token);
        worker.Gate.Load.ActiveRequestCount.ShouldBe(1);
    }
}
