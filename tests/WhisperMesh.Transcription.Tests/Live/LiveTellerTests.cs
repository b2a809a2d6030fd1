using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Audio;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Live;
using WhisperMesh.Whisper.Live;
using LiveWord = WhisperMesh.Whisper.Live.LiveWord;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveTellerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLiveTranscription _live = new();
    private readonly RawSampleReader _audio = new(new(Audio.AudioEncoding.PcmS16Le, 16_000, 1));
    private readonly Responses _responses = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly LiveProgressMeter _progress;
    private readonly Task<bool> _told;

    public LiveTellerTests(RunningWorker worker)
    {
        _progress = new LiveProgressMeter(_audio);
        var job = worker.LiveConfigReader.Read(LiveCall.Config());
        var writer = new LiveResponseWriter(job, "w-1", _audio, _progress, worker.LiveMetrics, _responses);
        _told = new LiveTeller(writer, _time, _draining.Token).RunAsync(_live, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_NothingHappens_ShowsASignOfLifeWithinFiveSeconds()
    {
        _progress.OnReceived(32_000);

        _time.Advance(TimeSpan.FromSeconds(4.5));

        var first = await _responses.NextAsync();
        (first.Status.Load, first.Status.WorkerId, first.Progress.ReceivedPosition).ShouldBe((LiveLoad.Normal, "w-1", 32_000));
        _time.Advance(TimeSpan.FromSeconds(4.5));
        (await _responses.NextAsync()).Status.ShouldNotBeNull();
    }

    [Fact]
    public async Task RunAsync_LoadChanges_IsToldAtOnceAndFromThenOn()
    {
        _live.Tell(new LoadChanged(Busy: true, TimeSpan.FromSeconds(1.5)));

        var changed = (await _responses.NextAsync()).Status;
        (changed.Load, changed.PassInterval.ToTimeSpan()).ShouldBe((LiveLoad.Busy, TimeSpan.FromSeconds(1.5)));
        _time.Advance(TimeSpan.FromSeconds(4.5));
        (await _responses.NextAsync()).Status.ShouldBe(changed);
    }

    [Fact]
    public async Task RunAsync_DrainingInSilence_GivesUpAtOnce()
    {
        await _draining.CancelAsync();

        (await _told.WaitAsync(LiveCall.Bound, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_DrainingWhileSomebodySpeaks_GoesOnToTheEndOfTheUtterance()
    {
        _live.Tell(new SpeechBegan(0, TimeSpan.Zero));
        await _responses.NextAsync();
        await _draining.CancelAsync();
        _live.Tell(new WordsHeard(0, [new LiveWord(" Hi", TimeSpan.Zero, TimeSpan.FromSeconds(0.2), 1)], "", 0, "en"));
        (await _responses.NextAsync()).Update.Words.ShouldHaveSingleItem().Text.ShouldBe(" Hi");
        _told.IsCompleted.ShouldBeFalse();

        _live.Tell(new UtteranceEnded(Segment(), Whisper.Live.EndpointReason.Pause, new(16_000, 1, " Hi", null, TimeSpan.Zero)));

        var final = (await _responses.NextAsync()).Final;
        (final.Checkpoint.Position, final.Checkpoint.Offset.ToTimeSpan()).ShouldBe((32_000, TimeSpan.FromSeconds(1)));
        (await _told.WaitAsync(LiveCall.Bound, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_DrainingWhenAllAudioIsThere_GoesOnToTheSummary()
    {
        _progress.OnOver();
        await _draining.CancelAsync();
        _live.Tell(new LiveCompleted(TimeSpan.Zero, 0, 0, TimeSpan.Zero, null, []));

        (await _told.WaitAsync(LiveCall.Bound, TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task RunAsync_LastEvent_IsTheSummary()
    {
        _live.Tell(new LiveCompleted(TimeSpan.FromSeconds(2), 1, 7, TimeSpan.FromSeconds(0.5), "en", ["A warning."]));

        (await _told.WaitAsync(LiveCall.Bound, TestContext.Current.CancellationToken)).ShouldBeTrue();
        var summary = (await _responses.NextAsync()).Summary;
        (summary.PassCount, summary.LanguageCode, summary.Warnings.ShouldHaveSingleItem()).ShouldBe((7, "en", "A warning."));
    }

    public void Dispose()
    {
        _audio.Dispose();
        _draining.Dispose();
    }

    private static Whisper.TranscriptSegment Segment() => new()
    {
        Index = 0,
        Start = TimeSpan.Zero,
        Duration = TimeSpan.FromSeconds(1),
        Text = " Hi",
        Tokens = [],
        LogProbabilities = [],
        AverageLogProbability = -0.1f,
        NoSpeechProbability = 0,
        CompressionRatio = 1,
        Temperature = 0,
        Language = "en",
    };

    private sealed class Responses : IServerStreamWriter<StreamLiveResponse>
    {
        private readonly Channel<StreamLiveResponse> _all = Channel.CreateUnbounded<StreamLiveResponse>();

        public WriteOptions? WriteOptions { get; set; }

        // A copy: the writer may use its messages again.
        public Task WriteAsync(StreamLiveResponse message)
        {
            _all.Writer.TryWrite(message.Clone()).ShouldBeTrue();
            return Task.CompletedTask;
        }

        public Task WriteAsync(StreamLiveResponse message, CancellationToken cancellationToken) => WriteAsync(message);

        public async Task<StreamLiveResponse> NextAsync() =>
            await _all.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(LiveCall.Bound, TestContext.Current.CancellationToken);
    }
}
