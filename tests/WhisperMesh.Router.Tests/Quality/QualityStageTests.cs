using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Quality;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Quality;

/// <summary>What becomes of doubtful results. The relay is a script: each run takes the next answer.</summary>
public sealed class QualityStageTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStage _relay = new();
    private readonly RecordedSink _sink = new();

    [Fact]
    public async Task Run_NoSettings_PassesThrough()
    {
        _relay.Answer("one", Doubtful("bad", 2));

        await RunAsync(null);

        _sink.Texts.ShouldBe(["bad"]);
        _sink.Route.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Flag_StreamsAndSaysWhatIsDoubtful()
    {
        _relay.Answer("one", Good("good", 3), Doubtful("bad", 1));

        await RunAsync(new QualitySettings());

        _sink.Kinds.ShouldBe(["Started", "Segment", "Segment", "Progress", "Summary"]);
        _sink.Route.Notes.ShouldBe(["1.0 of 4.0 seconds of speech are doubtful (low_confidence)."]);
    }

    [Fact]
    public async Task Run_FlagAndNothingDoubtful_SaysNothing()
    {
        _relay.Answer("one", Good("good", 3));

        await RunAsync(new QualitySettings());

        _sink.Route.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Drop_TakesTheDoubtfulOutAndNumbersAnew()
    {
        _relay.Answer("one", Doubtful("bad", 1), Good("good", 3), Doubtful("worse", 1), Good("fine", 1));

        await RunAsync(new QualitySettings { Action = "drop" });

        _sink.Segments.Select(segment => (segment.Index, segment.Text)).ShouldBe([(0, "good"), (1, "fine")]);
        _sink.Summary.SegmentCount.ShouldBe(2);
        _sink.Route.Notes.ShouldBe(["2 doubtful segments were dropped (low_confidence)."]);
        _relay.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_RetryOfAGoodResult_IsNotMade()
    {
        _relay.Answer("one", Good("good", 3));

        await RunAsync(new QualitySettings { Action = "retry" });

        _relay.Jobs.Count.ShouldBe(1);
        _sink.Kinds.ShouldBe(["Started", "Progress", "Segment", "Progress", "Summary"]);
        _sink.Route.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_SecondIsBetter_IsKeptAndTheReplySaysSo()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Answer("two", Good("good", 3));

        await RunAsync(new QualitySettings { Action = "retry" });

        _sink.Texts.ShouldBe(["good"]);
        _relay.Jobs[1].Excluded.ShouldBe(["one"]);
        var route = _sink.Route;
        (route.WorkerId, route.AttemptCount, route.Reason).ShouldBe(("two", 2, "quality retry, scripted"));
        route.Notes.ShouldBe(
        [
            "The first result, by one with m, had 3.0 of 3.0 seconds doubtful (low_confidence), so two with m transcribed it again: "
            + "0.0 seconds doubtful. That result is better and was kept.",
        ]);
        route.DiscardedAudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(10));
        _sink.Started[^1].Route.WorkerId.ShouldBe("two");
    }

    [Fact]
    public async Task Run_SecondIsWorse_TheFirstIsKeptAndTheReplySaysSo()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Answer("two", Doubtful("worse", 4));

        await RunAsync(new QualitySettings { Action = "retry" });

        _sink.Texts.ShouldBe(["bad"]);
        var route = _sink.Route;
        (route.WorkerId, route.AttemptCount, route.Reason).ShouldBe(("one", 2, "scripted, kept after a quality retry"));
        route.Notes.ShouldHaveSingleItem().ShouldEndWith("4.0 seconds doubtful. The first result is at least as good and was kept.");
        route.DiscardedAudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(10));
        _sink.Started.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_Cascade_GoesToTheLargerModelOfAnyWorker()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Answer("one", Good("good", 3));
        var labels = new Dictionary<string, string> { ["gpu"] = "yes" };

        await RunAsync(new QualitySettings { Action = "retry", Retry = new PoolSettings { Model = "large", Labels = labels } });

        var again = _relay.Jobs[1];
        again.Excluded.ShouldBeEmpty();
        again.Plan.Pools.ShouldBe([new RoutePool("large", labels)]);
        again.Plan.Quality.ShouldBeNull();
        again.Config.ShouldBe(_relay.Jobs[0].Config);
    }

    [Fact]
    public async Task Run_RetryTemperature_IsAskedForWithoutBeams()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Answer("two", Good("good", 3));

        await RunAsync(new QualitySettings { Action = "retry", RetryTemperature = 0.5 }, new TranscriptionConfig { BeamSize = 5 });

        (_relay.Jobs[0].Config.Temperature, _relay.Jobs[1].Config.Temperature, _relay.Jobs[1].Config.BeamSize).ShouldBe((0, 0.5f, 0));
    }

    [Fact]
    public async Task Run_OtherLanguage_IsAskedAgainWithTheLanguageDetected()
    {
        _relay.Answer("one", Segment("translated", 3, SegmentVerdict.LanguageMismatch));
        _relay.Answer("two", Good("traducido", 3));

        await RunAsync(new QualitySettings { Action = "retry" }, new TranscriptionConfig { LanguageCode = "en" });

        var config = _relay.Jobs[1].Config;
        (config.LanguageCode, config.LanguageSwitching.WindowCount).ShouldBe(("", 1));
        _relay.Jobs[1].Requirements.Language.ShouldBeEmpty();
        _sink.Texts.ShouldBe(["traducido"]);
    }

    [Fact]
    public async Task Run_NobodyElse_TheSameWorkerIsAskedWhereItIsAskedOtherwise()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Fail(RouterErrors.WorkersFailed());
        _relay.Answer("one", Good("good", 3));

        await RunAsync(new QualitySettings { Action = "retry", RetryTemperature = 0.5 });

        _relay.Jobs.Select(job => job.Excluded.Count).ShouldBe([0, 1, 0]);
        _sink.Texts.ShouldBe(["good"]);
    }

    [Fact]
    public async Task Run_NobodyElseAndNothingToAskOtherwise_TheFirstIsKept()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Fail(RouterErrors.WorkersFailed());

        await RunAsync(new QualitySettings { Action = "retry" });

        _sink.Texts.ShouldBe(["bad"]);
        _sink.Route.Notes.ShouldHaveSingleItem().ShouldEndWith("No other worker could transcribe it again.");
    }

    [Fact]
    public async Task Run_SecondFails_TheFirstIsKept()
    {
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Fail(RouterErrors.AllQueuesFull(TimeSpan.FromSeconds(1)));

        await RunAsync(new QualitySettings { Action = "retry" });

        _sink.Texts.ShouldBe(["bad"]);
        _sink.Route.Notes.ShouldHaveSingleItem().ShouldContain("Transcribing it again failed: All workers are busy");
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(12, 2)]
    public async Task Run_Deadline_AllowsASecondTryOnlyWhereOneFits(int deadlineSeconds, int tries)
    {
        _relay.Took(_time, TimeSpan.FromSeconds(5));
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Answer("two", Good("good", 3));

        await RunAsync(new QualitySettings { Action = "retry" }, deadline: TimeSpan.FromSeconds(deadlineSeconds));

        _relay.Jobs.Count.ShouldBe(tries);
        _sink.Texts.ShouldBe([tries == 1 ? "bad" : "good"]);
        _sink.Route.Notes.ShouldHaveSingleItem().Contains("no time left").ShouldBe(tries == 1);
    }

    [Fact]
    public async Task Run_LargerModelMeasuredAsSlow_IsNotTriedBeforeADeadline()
    {
        _relay.Took(_time, TimeSpan.FromSeconds(1));
        _relay.Answer("one", Doubtful("bad", 3));
        var slow = Leases.Transcription("big", model: "large");
        slow.Load.Models.Add(new WhisperMesh.Workers.V1.ModelState { ModelId = "large", AudioSecondsPerSecond = 0.5 });

        // Ten seconds of audio at half of real time.
        await RunAsync(
            new QualitySettings { Action = "retry", Retry = new PoolSettings { Model = "large" } },
            deadline: TimeSpan.FromSeconds(15),
            workers: slow);

        _relay.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_WorkerDiesAndAnotherBeginsAgain_OnlyTheSecondCounts()
    {
        _relay.Run(async (job, sink) =>
        {
            await ScriptedStage.SendAsync(sink, "one", [Doubtful("lost", 3)], withSummary: false);
            sink.TryRestart().ShouldBeTrue();
            await ScriptedStage.SendAsync(sink, "two", [Good("good", 3)]);
        });

        await RunAsync(new QualitySettings { Action = "retry" });

        _sink.Texts.ShouldBe(["good"]);
    }

    [Fact]
    public async Task Run_CallerGoneInTheSecondTry_Ends()
    {
        using var gone = new CancellationTokenSource();
        _relay.Answer("one", Doubtful("bad", 3));
        _relay.Run((_, _) =>
        {
            gone.Cancel();
            throw new OperationCanceledException(gone.Token);
        });

        await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(new QualitySettings { Action = "retry" }, caller: gone));
        _sink.Texts.ShouldBeEmpty();
    }

    private async Task RunAsync(
        QualitySettings? settings,
        TranscriptionConfig? config = null,
        TimeSpan? deadline = null,
        WhisperMesh.Workers.V1.WorkerLease? workers = null,
        CancellationTokenSource? caller = null)
    {
        var configuration = new FixedConfiguration(MeshConfiguration.Empty);
        var declared = new DeclaredWorkers(new FakeDirectory(workers is null ? [] : [workers]), configuration);
        var stage = new QualityStage(_relay, new QualityRetry(new RetryTime(declared, configuration), configuration, _time), _time);
        var job = new TranscriptionJob
        {
            Config = config ?? new TranscriptionConfig(),
            Audio = null!,
            Origin = new RequestOrigin { RequestId = "r1" },
            Plan = RoutePlan.Default with { Quality = settings, Deadline = _time.GetUtcNow().UtcDateTime + deadline },
        };
        await stage.RunAsync(job, _sink, caller?.Token ?? TestContext.Current.CancellationToken);
    }

    private static TranscriptSegment Good(string text, double seconds) => Segment(text, seconds, SegmentVerdict.Ok);

    private static TranscriptSegment Doubtful(string text, double seconds) => Segment(text, seconds, SegmentVerdict.LowConfidence);

    private static TranscriptSegment Segment(string text, double seconds, SegmentVerdict verdict)
    {
        var segment = Events.Plain(0, 0, seconds, text);
        segment.Verdict = verdict;
        return segment;
    }

    private sealed class ScriptedStage : ITranscriptionStage
    {
        private readonly Queue<Func<TranscriptionJob, IRelaySink<StreamTranscribeResponse>, Task>> _runs = new();
        private Action _work = static () => { };

        public List<TranscriptionJob> Jobs { get; } = [];

        public void Answer(string worker, params TranscriptSegment[] segments) => Run((_, sink) => SendAsync(sink, worker, segments));

        public void Fail(MeshException error) => Run((_, _) => throw error);

        public void Run(Func<TranscriptionJob, IRelaySink<StreamTranscribeResponse>, Task> run) => _runs.Enqueue(run);

        public void Took(FakeTimeProvider time, TimeSpan each) => _work = () => time.Advance(each);

        public async Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
        {
            Jobs.Add(job);
            _work();
            await _runs.Dequeue()(job, sink);
        }

        public static async Task SendAsync(
            IRelaySink<StreamTranscribeResponse> sink, string worker, TranscriptSegment[] segments, bool withSummary = true)
        {
            var route = new RouteTaken { WorkerId = worker, Model = "m", Reason = "scripted", AttemptCount = 1 };
            var ten = Duration.FromTimeSpan(TimeSpan.FromSeconds(10));
            await sink.AcceptAsync(new() { Started = new() { WorkerId = worker, Model = "m", Route = route } }, default);
            foreach (var segment in segments)
            {
                await sink.AcceptAsync(new() { Segment = segment }, default);
            }

            await sink.AcceptAsync(new() { Progress = new() { AudioReceived = ten, AudioProcessed = ten } }, default);
            if (withSummary)
            {
                var summary = new TranscriptionSummary { WorkerId = worker, Model = "m", Route = route, AudioDuration = ten };
                await sink.AcceptAsync(new() { Summary = summary }, default);
            }
        }
    }

    private sealed class RecordedSink : IRelaySink<StreamTranscribeResponse>
    {
        private readonly List<StreamTranscribeResponse> _events = [];

        public IEnumerable<string> Kinds => _events.Select(message => message.EventCase.ToString());

        public IEnumerable<TranscriptSegment> Segments => _events.Select(message => message.Segment).OfType<TranscriptSegment>();

        public IEnumerable<string> Texts => Segments.Select(segment => segment.Text);

        public List<TranscriptionStarted> Started => [.. _events.Select(message => message.Started).OfType<TranscriptionStarted>()];

        public TranscriptionSummary Summary => _events[^1].Summary;

        public RouteTaken Route => Summary.Route;

        public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
        {
            // What is done must have been said before.
            if (message.Progress is { } progress && progress.AudioProcessed.ToTimeSpan() > TimeSpan.Zero)
            {
                Segments.ShouldNotBeEmpty();
            }

            _events.Add(message);
            return ValueTask.CompletedTask;
        }

        public bool TryRestart() => true;
    }
}
