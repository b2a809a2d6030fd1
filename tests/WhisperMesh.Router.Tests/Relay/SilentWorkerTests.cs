using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Relay;

/// <summary>A worker that stops dead is given up; one that only takes its time is not.</summary>
public sealed class SilentWorkerTests : IAsyncLifetime
{
    private const int SilentSeconds = 4;

    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private FreezableLink _link = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _link = new FreezableLink(_one.Address);
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:SilentWorkerTimeout"] = TimeSpan.FromSeconds(SilentSeconds).ToString() },
            Leases.Transcription("one", _link.Address),
            _two.Lease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _link.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Transcribe_WorkerTakesConnectionsButNeverAnswers_AnotherServes()
    {
        _link.Freeze();

        var events = await _router.TranscribeAsync(new TranscriptionConfig(), new byte[1000]).Bounded();

        events[^1].Summary.ShouldSatisfyAllConditions(
            summary => summary.WorkerId.ShouldBe("two"), summary => summary.Attempt.ShouldBe(2));
    }

    [Fact]
    public async Task Transcribe_WorkerFreezesAfterASegment_AnotherGoesOn()
    {
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.SegmentAsync(0, 0, 1.5, "first");
            await call.HangAsync();
        };
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await call.RequestStream.CompleteAsync();

        var texts = new List<string>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            if (message.Segment is { } segment)
            {
                texts.Add(segment.Text);
                _link.Freeze();
            }
        }

        texts.ShouldBe(["first", "by two"]);
    }

    [Fact]
    public async Task Transcribe_HealthyWorkerSaysNothingForLongerThanTheTimeout_IsWaitedFor()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _one.Speech.OnTranscribe = async call =>
        {
            await call.ReadAllAsync();
            await answer.Task;
            await call.StartedAsync();
            await call.SummaryAsync();
        };

        var transcription = _router.TranscribeAsync(new TranscriptionConfig(), new byte[1000]);

        // Pings leave a second apart at the earliest, so by then the worker has been silent for longer than the timeout.
        await Bounds.UntilAsync(() => _link.Pongs > SilentSeconds);
        answer.SetResult();
        (await transcription.Bounded())[^1].Summary.WorkerId.ShouldBe("one");
        _two.Speech.Configs.ShouldBeEmpty();
    }
}
