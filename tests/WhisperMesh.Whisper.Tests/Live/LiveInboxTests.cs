using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

public sealed class LiveInboxTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AddAsync_MoreThanMayWait_WaitsUntilItIsWorkedOn()
    {
        var inbox = new LiveInbox(limit: 100, start: 7);
        await inbox.AddAsync(Audio(100), TestContext.Current.CancellationToken);

        var waiting = inbox.AddAsync(Audio(1), TestContext.Current.CancellationToken).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        inbox.Received.ShouldBe(108);
        inbox.TryTake(out _).ShouldBeTrue();
        waiting.IsCompleted.ShouldBeFalse("it is taken, but not done");
        inbox.Done();

        await waiting.WaitAsync(Bound, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AddAsync_NothingMayWait_ReturnsOnceItIsDone()
    {
        var inbox = new LiveInbox(limit: 0, start: 0);

        var waiting = inbox.AddAsync(Audio(10), TestContext.Current.CancellationToken).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        inbox.TryTake(out _);
        inbox.Done();

        await waiting.WaitAsync(Bound, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AddAsync_TheWorkHasFailed_SaysSoToWhoeverWaitsAndAfterwards()
    {
        var inbox = new LiveInbox(limit: 0, start: 0);
        var waiting = inbox.AddAsync(Audio(10), TestContext.Current.CancellationToken).AsTask();

        inbox.Fail(new WhisperException(WhisperErrorReason.Failed, "It failed."));

        (await Should.ThrowAsync<WhisperException>(waiting.WaitAsync(Bound, TestContext.Current.CancellationToken))).Message.ShouldBe("It failed.");
        await Should.ThrowAsync<WhisperException>(inbox.AddAsync(Audio(1), TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task AddAsync_Cancelled_LeavesNothingBehind()
    {
        var inbox = new LiveInbox(limit: 0, start: 0);
        using var cancel = new CancellationTokenSource();
        var waiting = inbox.AddAsync(Audio(10), cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(Bound, TestContext.Current.CancellationToken));
    }

    private static LiveInput Audio(int samples) => new(LiveInputKind.Audio, new float[samples]);
}
