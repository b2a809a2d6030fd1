using System.Runtime.CompilerServices;

namespace WhisperMesh.Whisper.Tests.Transcribing;

/// <summary>What a model of its own holds while requests come, end, give up and are refused.</summary>
public sealed class LoadedModelTests(ModelFixture fixture) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly WhisperModel _model =
        WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions { QueueLimit = TimeSpan.FromMilliseconds(1) });

    private static readonly TranscriptionRequest Bulk = new() { Language = "en", Class = RequestClass.Bulk };

    [Fact]
    public async Task TranscribeAsync_CancelledAnywhere_LeavesNothing()
    {
        var transcriber = new Transcriber(_model, fixture.Vad);
        var samples = TwoMinutes();
        var random = new Random(11);
        for (var i = 0; i < 10; i++)
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 900)));

            await Should.ThrowAsync<OperationCanceledException>(transcriber
                .TranscribeAsync(NeverEnding(samples, cancel.Token), Bulk, cancel.Token).ToListAsync(CancellationToken.None).AsTask()
                .WaitAsync(Bound, TestContext.Current.CancellationToken));

            ShouldHoldNothing();
        }
    }

    [Fact]
    public async Task TranscribeAsync_Abandoned_LeavesNothing()
    {
        await foreach (var happened in new Transcriber(_model, fixture.Vad)
            .TranscribeAsync(Transcripts.Blocks(TwoMinutes()), Bulk, TestContext.Current.CancellationToken))
        {
            if (happened is SegmentRecognized)
            {
                break;
            }
        }

        ShouldHoldNothing();
    }

    [Fact]
    public async Task TranscribeAsync_QueueFull_IsRefusedUntilTheWorkIsDone()
    {
        var transcriber = new Transcriber(_model, fixture.Vad);
        var samples = Repository.Named("en-sorry").Samples();
        var release = new TaskCompletionSource();
        var running = Task.Run(
            async () => await transcriber.TranscribeAsync(HeldAtEnd(), Bulk, TestContext.Current.CancellationToken)
                .ToListAsync(TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => _model.Scheduler.QueuedAudio > TimeSpan.Zero, Bound).ShouldBeTrue();

        Should.Throw<WhisperException>(() => transcriber.TranscribeAsync(Transcripts.Blocks(samples), Bulk))
            .Reason.ShouldBe(WhisperErrorReason.Overloaded);
        release.SetResult();
        var text = Transcripts.Text(await running.WaitAsync(Bound, TestContext.Current.CancellationToken));

        text.Split("sorry").Length.ShouldBeGreaterThan(2);
        (await transcriber.TextAsync(samples, Bulk)).ShouldContain("sorry");

        async IAsyncEnumerable<ReadOnlyMemory<float>> HeldAtEnd()
        {
            var sorry = Repository.Named("en-sorry");
            await foreach (var block in Transcripts.Blocks(Splice.Of(Enumerable.Repeat(sorry, 20), 16_000).Samples))
            {
                yield return block;
            }
            await release.Task;
        }
    }

    [Fact]
    public async Task TranscribeAsync_HundredRequests_LeaveNothing()
    {
        var transcriber = new Transcriber(_model, fixture.Vad);
        var samples = Repository.Recordings.Where(r => r.Language == "en").MinBy(r => r.Seconds)!.Samples();
        var peak = 0L;
        for (var i = 0; i < 100; i++)
        {
            await transcriber.TextAsync(samples, Bulk);
            _model.Statistics.BytesInUse.ShouldBe(0);
            peak = i == 9 ? _model.Statistics.PeakBytes : peak;
        }

        _model.Statistics.PeakBytes.ShouldBe(peak);
    }

    public void Dispose() => _model.Dispose();

    /// <summary>However fast the machine, there is something left to be cancelled.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<float>> NeverEnding(
        float[] samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var block in Transcripts.Blocks(samples).WithCancellation(cancellationToken))
        {
            yield return block;
        }
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }

    private static float[] TwoMinutes()
    {
        var english = Repository.Recordings.Where(r => r.Language == "en").ToList();
        return [.. Splice.Of(Enumerable.Repeat(english, 4).SelectMany(r => r), 16_000).Samples.Take(120 * 16_000)];
    }

    private void ShouldHoldNothing()
    {
        SpinWait.SpinUntil(() => _model.Statistics is { BytesInUse: 0, ActiveRows: 0 } now && now.QueuedAudio == TimeSpan.Zero, Bound)
            .ShouldBeTrue();
    }
}
