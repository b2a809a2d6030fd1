using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

/// <summary>Streams that are given up, or not read.</summary>
public sealed class LiveEndTests(ModelFixture fixture)
{
    [Fact]
    public async Task DisposeAsync_PassesRun_EndsThemAndWhoeverWaits()
    {
        using var model = WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions());
        var live = new Transcriber(model, fixture.Vad).Live(LiveRun.ByAudio with { Latency = LiveLatency.Minimal });
        var talk = LiveRun.Talk(4).Samples;
        var feeding = Task.Run(() => live.HearAsync(talk, TestContext.Current.CancellationToken).AsTask(), TestContext.Current.CancellationToken);
        await foreach (var happened in live.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (happened is WordsHeard)
            {
                break;
            }
        }

        await live.DisposeAsync().AsTask().WaitAsync(LiveRun.Bound, TestContext.Current.CancellationToken);

        await Should.ThrowAsync<OperationCanceledException>(feeding.WaitAsync(LiveRun.Bound, TestContext.Current.CancellationToken));
        model.Statistics.ActiveRows.ShouldBe(0);
        model.Statistics.BytesInUse.ShouldBe(0);
        await Should.ThrowAsync<ObjectDisposedException>(() => live.CommitAsync(TestContext.Current.CancellationToken).AsTask());
        await live.DisposeAsync();
    }

    [Fact]
    public async Task DisposeAsync_NothingHeard_Ends()
    {
        var live = new Transcriber(fixture.Model, fixture.Vad).Live(new LiveOptions());

        await live.DisposeAsync().AsTask().WaitAsync(LiveRun.Bound, TestContext.Current.CancellationToken);

        await Should.ThrowAsync<OperationCanceledException>(
            live.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task CompleteAsync_NothingHeard_CompletesAtOnce()
    {
        var run = await LiveRun.OfAsync(fixture, new LiveOptions(), []);

        run.Events.ShouldHaveSingleItem();
        run.Completed.Speech.ShouldBe(TimeSpan.Zero);
    }
}
