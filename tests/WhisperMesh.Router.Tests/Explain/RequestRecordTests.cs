using System.Net;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>What a router tells of requests, as GET /v1/requests/{id} replies.</summary>
public sealed class RequestRecordTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Console:DashboardUrl"] = "http://127.0.0.1:18888/" }, _one.Lease, _two.Lease, _one.SynthesisLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Record_ServedTranscription_TellsRouteStagesTimesScoresAndVersions()
    {
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = SpeakAsync;
        (await _router.TranscribeAsync("r1", ("language", "en"), ("prompt", "Names."))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var record = await _router.RecordAsync("r1");

        record.Text("object").ShouldBe("request");
        (record.Text("request_id"), record.Text("operation"), record.Text("state"), record.Text("status")).ShouldBe(("r1", "transcribe", "served", "200"));
        (record.Text("tenant"), record.Text("protocol"), record.Text("route_name")).ShouldBe(("local", "http", "default"));
        record.GetProperty("audio_seconds").GetDouble().ShouldBe(2.5);
        record.GetProperty("wishes").Text("language_code").ShouldBe("en");
        record.GetProperty("wishes").GetProperty("prompt_length").GetInt32().ShouldBe(6);
        record.GetProperty("wishes").Text("request_class").ShouldBe("interactive");
        var route = record.GetProperty("route");
        route.Text("worker_id").ShouldBe(record.Text("worker_id"));
        route.Text("reason").ShouldBe("least-load");

        record.Items("stages").Select(stage => stage.Text("name")).ShouldBe(["receive", "route", "queue", "route", "attempt", "respond"]);
        record.Items("stages").Sum(stage => stage.GetProperty("stage_seconds").GetDouble())
            .ShouldBe(record.GetProperty("total_seconds").GetDouble(), 0.001);
        record.GetProperty("timings").GetProperty("encoder_seconds").GetDouble().ShouldBe(0.25);
        record.GetProperty("timings").TryGetProperty("alignment_seconds", out _).ShouldBeFalse();
        record.GetProperty("work").GetProperty("window_count").GetInt32().ShouldBe(3);
        (record.Text("worker_version"), record.Text("model_revision")).ShouldBe(("1.2.3", "abc"));
        record.GetProperty("real_time_factor").GetDouble().ShouldBeGreaterThan(0);

        var segment = record.Items("segments").ShouldHaveSingleItem();
        (segment.Text("verdict"), segment.GetProperty("confidence").GetDouble(), segment.GetProperty("token_count").GetInt32()).ShouldBe(("low_confidence", 0.9, 3));
        (record.GetProperty("segment_count").GetInt32(), record.GetProperty("doubtful_count").GetInt32()).ShouldBe((1, 1));
        record.Items("language_probabilities").ShouldHaveSingleItem().Text("language_code").ShouldBe("en");
    }

    [Fact]
    public async Task Record_WorkerDied_HasBothTriesAndBothChoices()
    {
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.Requests.MoveNext(call.Context.CancellationToken);
            await _one.DieAfterFlushAsync(call.Context);
        };
        await _router.TranscribeAsync(new TranscriptionConfig { RequestId = "r1" }, new byte[1000]).Bounded();

        var record = await _router.RecordAsync("r1");

        var attempts = record.Items("attempts");
        attempts.Select(attempt => (attempt.Text("worker_id"), attempt.Text("outcome"))).ShouldBe([("one", "died"), ("two", "served")]);
        attempts[0].Text("detail").ShouldBe("The connection to the worker broke while it had the request.");
        (record.Text("state"), record.Text("worker_id"), record.Text("protocol"), record.Text("status")).ShouldBe(("served", "two", "grpc", "OK"));
        var second = record.Items("choices")[1].Items("workers");
        second.Select(worker => worker.Text("worker_id")).ShouldBe(["two", "one"]);
        second[1].Text("reason").ShouldBe("was tried before, or is left out on purpose");
        record.Items("stages").Count(stage => stage.Text("name") == "attempt").ShouldBe(2);
    }

    [Fact]
    public async Task Choice_OtherWorkers_SaysOfEachWhyItWasNotTaken()
    {
        var draining = Leases.Transcription("draining");
        draining.Load.Draining = true;
        var german = Leases.Transcription("dedicated");
        german.Capabilities.DedicatedLanguageCodes.Add("de");
        var full = Leases.Transcription("full", limit: 1);
        full.Load.ActiveRequestCount = 1;
        var distant = Leases.Transcription("distant");
        distant.Capabilities.Tier = 1;
        _router.Directory.Workers = [_one.Lease, draining, german, full, distant, Leases.Transcription("other", model: "tiny"), _one.SynthesisLease];
        await _router.TranscribeAsync("r1", ("model", "whisper-base"), ("language", "en"));

        var record = await _router.RecordAsync("r1");

        var why = record.Items("choices").ShouldHaveSingleItem().Items("workers")
            .ToDictionary(worker => worker.Text("worker_id")!, worker => worker.Text("reason"));
        why["one"].ShouldBe("least-load");
        why["draining"].ShouldBe("draining");
        why["dedicated"].ShouldBe("wrong language: it is kept for de");
        why["full"].ShouldBe("full (1 of 1)");
        why["distant"].ShouldBe("of tier 1, and one of tier 0 was there");
        why["other"].ShouldBe("does not serve the model whisper-base");
        record.Items("choices")[0].Items("workers")[0].GetProperty("chosen").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Choice_WorkerPausedAfterAFailure_SaysSo()
    {
        _one.Speech.OnTranscribe = call => _one.DieAfterFlushAsync(call.Context);
        await _router.TranscribeAsync("r1");
        await _router.TranscribeAsync("r2");

        var workers = (await _router.RecordAsync("r2")).Items("choices")[0].Items("workers");

        workers.Single(worker => worker.Text("worker_id") == "one").Text("reason").ShouldBe("paused after a failure (circuit open)");
    }

    [Fact]
    public async Task Record_RequestRefused_HasTheReasonTheFieldAndTheStatus()
    {
        using var response = await _router.TranscribeAsync("r1", ("temperature", "7"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig { RequestId = "r2", Model = "nonsense" }).Bounded());

        var http = await _router.RecordAsync("r1");
        var grpc = await _router.RecordAsync("r2");

        (http.Text("state"), http.Text("status")).ShouldBe(("failed", "400"));
        http.GetProperty("error").Text("field").ShouldBe("temperature");
        (grpc.Text("state"), grpc.Text("status"), grpc.Text("error_reason")).ShouldBe(("failed", "NotFound", ErrorReasons.ModelNotFound));
    }

    [Fact]
    public async Task Record_CallThatFailsBeforeAnyStage_HasTheReason()
    {
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: Token);
        await call.RequestStream.CompleteAsync();
        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(Token).Bounded());

        var record = await _router.RecordAsync(error.Trailers.GetValue("x-request-id")!);

        (record.Text("state"), record.Text("error_reason"), record.Text("operation")).ShouldBe(("failed", ErrorReasons.ConfigMissing, "transcribe"));
    }

    [Fact]
    public async Task Record_RequestRuns_IsThereWithWhatIsKnown()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            begun.SetResult();
            await call.HangAsync();
        };
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = _router.Transcription.StreamTranscribe(cancellationToken: left.Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig { RequestId = "r1" } }, Token);
        await begun.Task.Bounded();

        var running = await _router.NowAsync("r1");
        (running.Text("state"), running.Items("attempts")[0].Text("outcome")).ShouldBe(("running", "running"));
        running.TryGetProperty("expire_time", out _).ShouldBeFalse();
        (await _router.ListAsync("?state=running")).ShouldBe(["r1"]);

        await left.CancelAsync();
        var ended = await _router.RecordAsync("r1");
        (ended.Text("state"), ended.Items("attempts")[0].Text("outcome")).ShouldBe(("cancelled", "cancelled"));
    }

    [Fact]
    public async Task Record_Anything_HoldsNoTextAndNoAudio()
    {
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1.5, "SECRETWORDS");
            await call.SummaryAsync();
        };
        await _router.TranscribeAsync(new TranscriptionConfig { RequestId = "r1", Prompt = "SECRETPROMPT", Keywords = { "SECRETNAME" } }, new byte[10]).Bounded();
        var speech = _router.Synthesis.Synthesize(new SynthesizeRequest { RequestId = "r2", Text = "SECRETTEXT" }, cancellationToken: Token);
        while (await speech.ResponseStream.MoveNext(Token).Bounded())
        {
        }

        (await _router.RecordAsync("r1")).ToString().ShouldNotContain("SECRET");
        (await _router.RecordAsync("r2")).ToString().ShouldNotContain("SECRET");
    }

    [Fact]
    public async Task Record_Speech_TellsOfTheSynthesis()
    {
        var request = new SynthesizeRequest { RequestId = "r1", Text = "Hello.", Voice = "joe" };
        var speech = _router.Synthesis.Synthesize(request, cancellationToken: Token);
        while (await speech.ResponseStream.MoveNext(Token).Bounded())
        {
        }

        var record = await _router.RecordAsync("r1");

        (record.Text("operation"), record.Text("model"), record.GetProperty("wishes").Text("voice")).ShouldBe(("speak", "piper", "joe"));
        record.GetProperty("audio_seconds").GetDouble().ShouldBe(1.25);
        record.TryGetProperty("speech", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task List_Filtered_HasTheLatestOfThatKind()
    {
        await _router.TranscribeAsync("good");
        await _router.TranscribeAsync("bad", ("model", "nonsense"));
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = SpeakAsync;
        await _router.TranscribeAsync("doubtful");
        await _router.RecordAsync("doubtful");

        (await _router.ListAsync()).ShouldBe(["doubtful", "bad", "good"]);
        (await _router.ListAsync("?state=failed")).ShouldBe(["bad"]);
        (await _router.ListAsync("?state=doubtful&limit=5")).ShouldBe(["doubtful"]);
        (await _router.ListAsync("?limit=1")).ShouldBe(["doubtful"]);
        foreach (var query in new[] { "?state=odd", "?limit=0", "?limit=x", "?what=1" })
        {
            using var response = await _router.Http.GetAsync("/v1/requests" + query, Token);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, query);
        }
    }

    [Fact]
    public async Task Record_Unknown_404SaysHowLongTheyAreKept()
    {
        using var response = await _router.Http.GetAsync("/v1/requests/nobody", Token);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("error");
        error.Text("code").ShouldBe("request_not_found");
        error.Text("message")!.ShouldContain("kept for 24 h");
    }

    [Fact]
    public async Task GetRequest_OverGrpc_IsTheSameRecord()
    {
        await _router.TranscribeAsync("r1");
        var json = await _router.RecordAsync("r1");
        var requests = new RequestService.RequestServiceClient(_router.Invoker);

        var record = (await requests.GetRequestAsync(new GetRequestRequest { RequestId = "r1" }, cancellationToken: Token)).Request;
        var list = await requests.ListRequestsAsync(new ListRequestsRequest(), cancellationToken: Token);
        var missing = await Should.ThrowAsync<RpcException>(async () => await requests.GetRequestAsync(new GetRequestRequest { RequestId = "x" }, cancellationToken: Token));

        record.Line.WorkerId.ShouldBe(json.Text("worker_id"));
        record.Attempts.Count.ShouldBe(1);
        list.Requests.ShouldHaveSingleItem().RequestId.ShouldBe("r1");
        missing.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Record_Traced_LinksToTheDashboard()
    {
        using var form = Forms.Of();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Add("x-request-id", "r1");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        // Without it the client puts a trace of its own there.
        using var plain = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = _router.Http.BaseAddress };
        await plain.SendAsync(request, Token).Bounded();

        var record = await _router.RecordAsync("r1");

        record.Text("trace_id").ShouldBe("0af7651916cd43dd8448eb211c80319c");
        record.Text("trace_url").ShouldBe("http://127.0.0.1:18888/traces/detail/0af7651916cd43dd8448eb211c80319c");
    }

    /// <summary>One doubtful segment, and a summary with all that a worker tells.</summary>
    private static async Task SpeakAsync(FakeCall call)
    {
        await call.StartedAsync();
        await call.ReadAllAsync();
        var segment = Events.Plain(0, 0, 1.5, "hm");
        segment.Verdict = SegmentVerdict.LowConfidence;
        await call.Responses.WriteAsync(new StreamTranscribeResponse { Segment = segment }, call.Context.CancellationToken);
        var summary = Events.Summary(call.Config, call.Speech.WorkerId, 2.5);
        summary.Summary.Timings = new TranscriptionTimings
        {
            Encoder = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.25)),
            Total = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)),
        };
        summary.Summary.Work = new TranscriptionWork { WindowCount = 3, DecoderStepCount = 20, TokenCount = 18 };
        (summary.Summary.WorkerVersion, summary.Summary.ModelRevision) = ("1.2.3", "abc");
        summary.Summary.LanguageProbabilities.Add(new LanguageProbability { LanguageCode = "en", Probability = 0.75f });
        await call.Responses.WriteAsync(summary, call.Context.CancellationToken);
    }
}
