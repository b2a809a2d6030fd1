using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.ServiceDefaults.Tests.Workers;

public sealed class LiveGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admit_AllPlacesTaken_RefusesUntilOneIsFree()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        var changes = 0;
        worker.Gate.Changed += () => changes++;
        var first = worker.LiveGate.Admit();
        using var second = worker.LiveGate.Admit();

        var error = Should.Throw<MeshException>(() => worker.LiveGate.Admit());
        first.Audio = TimeSpan.FromSeconds(7);
        first.Dispose();
        first.Dispose();

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.ResourceExhausted, ErrorReasons.QueueFull));
        error.RetryAfter.ShouldNotBeNull();
        var load = worker.Gate.Load;
        (load.LiveStreamCount, load.ActiveRequestCount, load.CompletedRequestCount, load.AudioSeconds).ShouldBe((1, 0, 1, 7));
        changes.ShouldBe(3);
        worker.LiveGate.Admit().Dispose();
    }

    [Fact]
    public async Task Admit_Draining_Refuses()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        worker.App.Lifetime.StopApplication();

        Should.Throw<MeshException>(() => worker.LiveGate.Admit()).Reason.ShouldBe(ErrorReasons.Draining);
    }
}
