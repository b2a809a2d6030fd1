using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Relay;

/// <summary>What happens to requests when workers die, hang, fill up or vanish.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _router = await RouterHost.StartAsync(_one.Lease, _two.Lease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Transcribe_WorkerDiesMidAudio_AnotherGetsTheWholeAudio()
    {
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.Requests.MoveNext(call.Context.CancellationToken);
            await _one.DieAfterFlushAsync(call.Context);
        };

        var events = await _router.TranscribeAsync(new TranscriptionConfig { RequestId = "r1" }, new byte[1000], new byte[1000]).Bounded();

        events.Select(message => message.EventCase).ShouldBe(
        [
            StreamTranscribeResponse.EventOneofCase.Started,
            StreamTranscribeResponse.EventOneofCase.Segment,
            StreamTranscribeResponse.EventOneofCase.Segment,
            StreamTranscribeResponse.EventOneofCase.Summary,
        ]);
        events[1].Segment.Text.ShouldBe("2000 bytes");
        (events[3].Summary.WorkerId, events[3].Summary.Attempt, events[3].Summary.RequestId).ShouldBe(("two", 2, "r1"));
    }

    [Fact]
    public async Task Transcribe_WorkerDiesAfterASegment_NothingIsSaidTwice()
    {
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1.5, "first");
            await call.HangAsync();
        };
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await call.RequestStream.CompleteAsync();

        var segments = new List<(int, string)>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Token))
        {
            if (message.Segment is { } segment)
            {
                segments.Add((segment.Index, segment.Text));
                _one.Die();
            }
        }

        segments.ShouldBe([(0, "first"), (1, "by two")]);
    }

    /// <summary>Whether the segment still comes through is up to the breaking connection; either way nothing is said twice.</summary>
    [Fact]
    public async Task Transcribe_OverHttpWorkerDiesAfterASegment_TextIsWhole()
    {
        _one.Speech.OnTranscribe = async call =>
        {
            await call.SegmentAsync(0, 0, 1.5, "first");
            await _one.DieAfterFlushAsync(call.Context);
        };

        using var response = await PostAsync();

        using var body = JsonDocument.Parse(await ApiTest.BodyAsync(response));
        body.RootElement.GetProperty("text").GetString().ShouldBeOneOf("2016 bytes by two", "first by two");
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["two"]);
    }

    [Fact]
    public async Task Transcribe_EveryWorkerDies_IsTriedTwiceThen503()
    {
        foreach (var worker in new[] { _one, _two })
        {
            worker.Speech.OnTranscribe = call => worker.DieAfterFlushAsync(call.Context);
        }

        using var response = await PostAsync();

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.ServiceUnavailable, null, "no_worker", "server_error");
        response.Headers.RetryAfter.ShouldNotBeNull();
        (_one.Speech.Configs.Count, _two.Speech.Configs.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Transcribe_WorkerRefusesConnections_IsLeftOutNextTime()
    {
        await _one.StopAsync();

        for (var i = 0; i < 3; i++)
        {
            using var response = await PostAsync();
            (await ApiTest.BodyAsync(response)).ShouldContain("by two");
        }
    }

    [Fact]
    public async Task Transcribe_OneQueueFull_AnotherWorkerServes()
    {
        _one.Speech.OnTranscribe = Full;

        using var response = await PostAsync();

        (await ApiTest.BodyAsync(response)).ShouldContain("by two");
    }

    [Fact]
    public async Task Transcribe_AllQueuesFull_Is429WithRetryAfter()
    {
        (_one.Speech.OnTranscribe, _two.Speech.OnTranscribe) = (Full, Full);

        using var response = await PostAsync();

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.TooManyRequests, null, "queue_full", "rate_limit_error");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Transcribe_ModelLoadsAtOneWorker_AnotherServes()
    {
        _one.Speech.OnTranscribe = Loading;

        using var response = await PostAsync();

        (await ApiTest.BodyAsync(response)).ShouldContain("by two");
    }

    [Fact]
    public async Task Transcribe_ModelLoadsEverywhere_SaysSoWith503AndRetryAfter()
    {
        (_one.Speech.OnTranscribe, _two.Speech.OnTranscribe) = (Loading, Loading);

        using var response = await PostAsync();

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.ServiceUnavailable, null, "model_loading", "server_error");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Transcribe_NoWorker_Is503AndUnavailable()
    {
        _router.Directory.Workers = [];

        using var response = await PostAsync();
        var call = await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig()));

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.ServiceUnavailable, null, "no_worker", "server_error");
        response.Headers.RetryAfter.ShouldNotBeNull();
        call.StatusCode.ShouldBe(StatusCode.Unavailable);
        RpcErrorDetails.From(call).RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Transcribe_WorkersOwnError_IsNotRetried()
    {
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = _ =>
            throw MeshException.InvalidArgument("audio", "This is no audio.", ErrorReasons.AudioUnreadable);

        using var response = await PostAsync();

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "file", "audio_unreadable");
        (_one.Speech.Configs.Count + _two.Speech.Configs.Count).ShouldBe(1);
    }

    [Fact]
    public async Task Transcribe_ClientGoneMidUpload_FreesWorkerAndSpool()
    {
        using var gone = new CancellationTokenSource();
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: gone.Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        _one.Speech.OnTranscribe = worker => worker.HangAsync();
        _two.Speech.OnTranscribe = worker => worker.HangAsync();
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Audio = ByteString.CopyFrom(new byte[100]) }, Token);
        await Bounds.UntilAsync(() => _one.Speech.Configs.Count + _two.Speech.Configs.Count == 1);

        await gone.CancelAsync();

        await Task.WhenAny(_one.Speech.Cancelled.Task, _two.Speech.Cancelled.Task).Bounded();
        await Bounds.UntilAsync(() => _router.Spool is { OpenFiles: 0, BytesInUse: 0 });
        _router.SpoolFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Transcribe_HttpClientGoneMidDecode_CancelsTheWorker()
    {
        _one.Speech.OnTranscribe = worker => worker.HangAsync();
        _two.Speech.OnTranscribe = worker => worker.HangAsync();
        using var gone = new CancellationTokenSource();
        var request = _router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), gone.Token);
        await Bounds.UntilAsync(() => _one.Speech.Configs.Count + _two.Speech.Configs.Count == 1);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await Task.WhenAny(_one.Speech.Cancelled.Task, _two.Speech.Cancelled.Task).Bounded();
        await Bounds.UntilAsync(() => _router.Spool is { OpenFiles: 0, BytesInUse: 0 });
    }

    [Fact]
    public async Task Transcribe_DeadlinePasses_IsDeadlineExceededAndCancelsTheWorker()
    {
        _one.Speech.OnTranscribe = worker => worker.HangAsync();
        _two.Speech.OnTranscribe = worker => worker.HangAsync();
        using var call = _router.Transcription.StreamTranscribe(
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5), cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);

        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await Task.WhenAny(_one.Speech.Cancelled.Task, _two.Speech.Cancelled.Task).Bounded();
    }

    [Fact]
    public async Task Transcribe_AudioBeforeConfigOrConfigTwice_IsFailedPrecondition()
    {
        using var first = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await first.RequestStream.WriteAsync(new StreamTranscribeRequest { Audio = ByteString.CopyFrom(1) }, Token);
        using var second = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await second.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
        await second.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);

        (await FailureOf(first)).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await FailureOf(second)).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Theory]
    [InlineData("temperature", "temperature")]
    [InlineData("language", "language_code")]
    [InlineData("request_id", "request_id")]
    public async Task Transcribe_BadConfig_IsInvalidArgumentNamingTheField(string what, string field)
    {
        var config = new TranscriptionConfig
        {
            Temperature = what == "temperature" ? 3 : 0,
            LanguageCode = what == "language" ? "xx" : "",
            RequestId = what == "request_id" ? "no spaces" : "",
        };

        var error = await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(config, new byte[1]));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        RpcErrorDetails.From(error).Field.ShouldBe(field);
    }

    [Fact]
    public async Task Transcribe_TwentyAtOnce_SharesThemAndMixesNone()
    {
        var replies = await Task.WhenAll(Enumerable.Range(1, 20).Select(async i =>
        {
            using var response = await _router.Http.PostAsync(
                "/v1/audio/transcriptions", Forms.WithFile([.. Forms.Wav, .. new byte[i]]), Token);
            return JsonDocument.Parse(await ApiTest.BodyAsync(response)).RootElement.GetProperty("text").GetString();
        })).Bounded();

        replies.Select(text => text!.Split(' ')[0]).ShouldBe(Enumerable.Range(1, 20).Select(i => $"{Forms.Wav.Length + i}"));
        _one.Speech.Configs.Count.ShouldBeInRange(5, 15);
    }

    private Task<HttpResponseMessage> PostAsync() => _router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();

    private static Task Full(FakeCall call) =>
        throw MeshException.ResourceExhausted(ErrorReasons.QueueFull, "Full.", TimeSpan.FromSeconds(7));

    private static Task Loading(FakeCall call) =>
        throw MeshException.Unavailable(ErrorReasons.ModelLoading, "Model 'x' is still loading.", TimeSpan.FromSeconds(3));

    private static Task<RpcException> FailureOf(AsyncDuplexStreamingCall<StreamTranscribeRequest, StreamTranscribeResponse> call) =>
        Should.ThrowAsync<RpcException>(async () =>
        {
            await foreach (var _ in call.ResponseStream.ReadAllAsync(Token))
            {
            }
        }).Bounded();
}
