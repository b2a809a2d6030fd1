using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Client.Tests;

public sealed class LiveTranscriptionTests : IAsyncLifetime
{
    private FakeMeshServer _server = null!;
    private WhisperMeshClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeMeshServer.StartAsync();
        _client = new WhisperMeshClient(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task OpenLiveAsync_AllOptions_AreInTheConfig()
    {
        var options = LiveStreams.Options with
        {
            Model = "m",
            Language = "en",
            LanguageSwitching = new() { WindowCount = 3 },
            Translate = true,
            Prompt = "Ana",
            Keywords = ["WhisperMesh"],
            Latency = LiveLatency.Minimal,
            SpeechThreshold = 0.25f,
            Pause = TimeSpan.FromSeconds(1),
            PrefixPadding = TimeSpan.FromSeconds(0.5),
            MaximumUtterance = TimeSpan.FromSeconds(20),
            ManualEndpoints = true,
            PassClock = LivePassClock.Audio,
            OmitTentative = true,
            Thresholds = new() { NoSpeech = 0.5f },
            CaptionName = "talk",
            RequestId = "r-1",
        };

        await using var live = await _client.OpenLiveAsync(options, Token);

        live.Started.RequestId.ShouldBe("live-1");
        _server.Script.LiveRouter.Configs.ShouldHaveSingleItem().ShouldBe(new LiveConfig
        {
            Model = "m",
            LanguageCode = "en",
            LanguageSwitching = new() { WindowCount = 3 },
            Task = TranscriptionTask.Translate,
            Prompt = "Ana",
            Keywords = { "WhisperMesh" },
            AudioFormat = options.AudioFormat,
            Latency = LiveLatency.Minimal,
            Endpointing = new()
            {
                Threshold = 0.25f,
                PauseDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
                PrefixPadding = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)),
                MaximumUtteranceDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)),
                Manual = true,
            },
            PassClock = LivePassClock.Audio,
            OmitTentative = true,
            Thresholds = new() { NoSpeech = 0.5f },
            CaptionName = "talk",
            RequestId = "r-1",
        });
    }

    [Fact]
    public async Task OpenLiveAsync_NoOption_AsksForTheDefaults()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options with { Languages = ["en", "fr"] }, Token);

        _server.Script.LiveRouter.Configs.ShouldHaveSingleItem().ShouldBe(new LiveConfig
        {
            AudioFormat = LiveStreams.Options.AudioFormat,
            Task = TranscriptionTask.Transcribe,
            LanguageCodes = { "en", "fr" },
        });
    }

    [Fact]
    public async Task ReadAsync_UnbrokenStream_TellsEachWordOnce()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        var sending = live.SendAllAsync(100_000);

        var events = await live.ReadAllAsync();

        await sending;
        events.ShouldBeWhole(100_000);
        events.Statuses().ShouldBeEmpty();
        _server.Script.LiveRouter.Messages.ShouldAllBe(message => message.Audio.HasPosition);
    }

    [Fact]
    public async Task ReadAsync_Twice_IsRefused()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        live.Complete();
        await live.ReadAllAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => live.ReadAllAsync());
    }

    [Fact]
    public async Task SendAsync_AfterComplete_IsRefused()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        live.Complete();

        await Should.ThrowAsync<InvalidOperationException>(async () => await live.SendAsync(new byte[2], Token));
    }

    [Fact]
    public async Task Commit_BetweenAudio_EndsTheUtteranceThere()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        await live.SendAsync(FakeLiveSession.Audio(0, 3 * FakeLiveSession.WordBytes), Token);
        live.Commit();
        live.Commit();
        await live.SendAsync(FakeLiveSession.Audio(3 * FakeLiveSession.WordBytes, 2 * FakeLiveSession.WordBytes), Token);
        live.Complete();

        var finals = (await live.ReadAllAsync()).Where(message => message.Final is not null).Select(message => message.Final).ToList();

        finals.Select(final => final.Segment.Text).ShouldBe(["w0 w1 w2", "w3 w4"]);
        finals.Select(final => final.Reason).ShouldBe([EndpointReason.Commit, EndpointReason.EndOfAudio]);
        _server.Script.LiveRouter.Messages.Count(message => message.Commit is not null).ShouldBe(1);
    }

    [Fact]
    public async Task OpenLiveAsync_Refused_ThrowsTheRefusalAndDoesNotTryAgain()
    {
        _server.Script.LiveRouter.Admit = _ => throw FakeMeshScript.Error(
            StatusCode.InvalidArgument, "FIELD_INVALID", "No such rate.", "audio_format.sample_rate_hz");

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => _client.OpenLiveAsync(LiveStreams.Options, Token));

        exception.Status.ShouldBe(StatusCode.InvalidArgument);
        exception.Field.ShouldBe("audio_format.sample_rate_hz");
        _server.Script.LiveRouter.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ReadAsync_FinalErrorInMidStream_ThrowsAtBothEnds()
    {
        _server.Script.Live = async (requests, responses, _) =>
        {
            await requests.MoveNext();
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() { ResumeToken = "t" } });
            throw FakeMeshScript.Error(StatusCode.InvalidArgument, "AUDIO_TOO_LONG", "It is too long.");
        };
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options with { Tail = TimeSpan.FromSeconds(1) }, Token);
        var sending = live.SendAllAsync(1_000_000);

        (await Should.ThrowAsync<WhisperMeshException>(() => live.ReadAllAsync())).Reason.ShouldBe("AUDIO_TOO_LONG");
        (await Should.ThrowAsync<WhisperMeshException>(() => sending.WaitAsync(LiveStreams.Bound, Token))).Reason.ShouldBe("AUDIO_TOO_LONG");
    }

    [Fact]
    public async Task SendAsync_NothingAcknowledged_WaitsBeyondTheTail()
    {
        var acknowledge = new TaskCompletionSource();
        _server.Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext();
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() { ResumeToken = "t" } });
            await acknowledge.Task.WaitAsync(LiveStreams.Bound);
            await responses.WriteAsync(new() { EventNumber = 2, Final = new() { Segment = new(), Checkpoint = new() { Position = 32000 } } });
            await requests.ReadAllAsync(context.CancellationToken).LastAsync();
            await responses.WriteAsync(new() { EventNumber = 3, Summary = new() });
        };
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options with { Tail = TimeSpan.FromSeconds(1) }, Token);
        var reading = live.ReadAllAsync();
        await live.SendAsync(new byte[32000], Token);

        var more = live.SendAsync(new byte[2], Token).AsTask();

        more.IsCompleted.ShouldBeFalse();
        acknowledge.SetResult();
        await more.WaitAsync(LiveStreams.Bound, Token);
        live.Complete();
        (await reading)[^1].Summary.ShouldNotBeNull();
    }

    [Fact]
    public async Task SendAsync_StreamDisposedWhileItWaits_IsRefused()
    {
        var live = await _client.OpenLiveAsync(LiveStreams.Options with { Tail = TimeSpan.FromSeconds(1) }, Token);
        await live.SendAsync(new byte[32000], Token);
        var more = live.SendAsync(new byte[2], Token).AsTask();

        await live.DisposeAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => more.WaitAsync(LiveStreams.Bound, Token));
    }

    [Fact]
    public async Task ReadAsync_Cancelled_EndsTheCallOnTheServer()
    {
        var ended = new TaskCompletionSource();
        _server.Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext();
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() });
            using var registration = context.CancellationToken.Register(ended.SetResult);
            await ended.Task.WaitAsync(LiveStreams.Bound);
        };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var message in live.ReadAsync(cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });

        await ended.Task.WaitAsync(LiveStreams.Bound, Token);
    }

    [Fact]
    public async Task DisposeAsync_WhileReading_EndsTheReading()
    {
        var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        var reading = live.ReadAllAsync();

        await live.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(LiveStreams.Bound, Token));
        _server.Script.LiveRouter.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task TranscribeLiveAsync_WholeSource_GivesAllEvents()
    {
        var events = await _client.TranscribeLiveAsync(Pieces(20), LiveStreams.Options, Token).ToListAsync(Token);

        events.ShouldBeWhole(20 * 1000);
    }

    [Fact]
    public async Task TranscribeLiveAsync_SourceFails_ThrowsItsError()
    {
        var exception = await Should.ThrowAsync<IOException>(
            () => _client.TranscribeLiveAsync(Pieces(20, failAt: 10), LiveStreams.Options, Token).ToListAsync(Token).AsTask());

        exception.Message.ShouldBe("the microphone is gone");
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(int count, int failAt = -1)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i == failAt ? throw new IOException("the microphone is gone") : FakeLiveSession.Audio(i * 1000, 1000);
        }
    }
}
