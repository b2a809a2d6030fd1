using System.Diagnostics;
using System.Globalization;
using System.Text;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>The spans that a real router exports with the instrumentation of the service defaults, and a worker in the same process.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Prompt = "tasting-of-herring";
    private const string Spoken = "wind-in-the-willows";

    private readonly SpanCollector _spans = new();
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = SpeakAsync;
        _router = await RouterHost.StartAsync(SpanCollector.Settings, _spans.AddTo, _one.Lease, _two.Lease, _one.SynthesisLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Transcribe_OverHttp_IsOneTreeWithoutWords()
    {
        using var root = StartRoot();
        using (var response = await _router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(("prompt", Prompt)), Token).Bounded())
        {
            (await ApiTest.BodyAsync(response)).ShouldContain(Spoken);
        }

        var spans = await TreeOfAsync(root);

        OwnOf(spans).ShouldBe(["accept", "admission", "route", "attempt", "response"]);
        ShouldHoldNoWords(spans);
    }

    [Fact]
    public async Task Transcribe_OverGrpc_IsOneTreeWithoutWords()
    {
        using var root = StartRoot();
        await _router.TranscribeAsync(new TranscriptionConfig { Prompt = Prompt }, Forms.Wav).Bounded();

        var spans = await TreeOfAsync(root, clientSpans: 2);

        OwnOf(spans).Order().ShouldBe(["accept", "admission", "attempt", "route"]);
        ShouldHoldNoWords(spans);
    }

    [Fact]
    public async Task Speak_OverHttp_IsOneTreeWithoutWords()
    {
        using var root = StartRoot();
        using var body = new StringContent($$"""{"input":"{{Spoken}}"}""", Encoding.UTF8, "application/json");
        using (var response = await _router.Http.PostAsync("/v1/audio/speech", body, Token).Bounded())
        {
            (await ApiTest.BodyAsync(response)).ShouldBe("first second");
        }

        var spans = await TreeOfAsync(root);

        OwnOf(spans).ShouldBe(["accept", "admission", "route", "attempt"]);
        ShouldHoldNoWords(spans);
    }

    [Fact]
    public async Task Transcribe_WorkerDies_BothAttemptsStandUnderTheRequest()
    {
        _one.Speech.OnTranscribe = call => _one.DieAfterFlushAsync(call.Context);

        using var root = StartRoot();
        using (var response = await _router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded())
        {
            (await ApiTest.BodyAsync(response)).ShouldContain(Spoken);
        }

        var spans = await TreeOfAsync(root, attempts: 2);
        OwnOf(spans).ShouldBe(["accept", "admission", "route", "attempt", "route", "attempt", "response"]);
        var attempts = spans.Where(span => span.DisplayName == "attempt").ToList();
        attempts.Select(span => span.GetTagItem("whispermesh.outcome")).ShouldBe(["died", "served"]);
        attempts.Select(span => span.ParentSpanId).Distinct().Count().ShouldBe(1);
        attempts.Select(span => span.GetTagItem("whispermesh.attempt")).ShouldBe([1, 2]);
        var routes = spans.Where(span => span.DisplayName == "route").ToList();
        routes.Select(span => span.GetTagItem("whispermesh.worker_id")).ShouldBe(["one", "two"], ignoreOrder: false);
        routes.Select(span => span.GetTagItem("whispermesh.route.alternatives")).ShouldBe([2, 1]);
    }

    private static async Task SpeakAsync(FakeCall call)
    {
        await call.StartedAsync();
        await call.ReadAllAsync();
        await call.SegmentAsync(0, 0, 1.5, Spoken);
        await call.SummaryAsync();
    }

    /// <summary>The client's span, sampled; other tests trace at the same time, and its id tells this one's spans.</summary>
    private static Activity StartRoot()
    {
        var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        return root.Start();
    }

    /// <summary>
    /// The spans of the trace, once all are there; each hangs under another one. They are the client's request, the router's call and
    /// what it does, and for each attempt gRPC's call, the HTTP/2 request below it and the worker's call.
    /// </summary>
    private async Task<IReadOnlyList<Activity>> TreeOfAsync(Activity root, int attempts = 1, int clientSpans = 1)
    {
        root.Stop();
        await Bounds.UntilAsync(() => _spans.Of(root).Count(span => !IsOwn(span)) >= clientSpans + 1 + (3 * attempts));
        var spans = _spans.Of(root);
        var ids = spans.Select(span => span.SpanId).Append(root.SpanId).ToHashSet();
        foreach (var span in spans)
        {
            ids.ShouldContain(span.ParentSpanId, $"{span.Source.Name} {span.DisplayName} hangs in the air");
        }

        spans.Select(span => span.Source.Name).Distinct().ShouldBe(
            ["Microsoft.AspNetCore", "WhisperMesh.Router", "Grpc.Net.Client", "System.Net.Http"], ignoreOrder: true);
        return spans;
    }

    private static bool IsOwn(Activity span) => span.Source.Name == "WhisperMesh.Router";

    /// <summary>The router's own spans, first started first; all stand under its call.</summary>
    private static List<string> OwnOf(IReadOnlyList<Activity> spans)
    {
        var own = spans.Where(IsOwn).ToList();
        own.Select(span => span.ParentSpanId).Distinct().ShouldHaveSingleItem();
        return [.. own.Select(span => span.DisplayName)];
    }

    private static void ShouldHoldNoWords(IReadOnlyList<Activity> spans)
    {
        foreach (var span in spans)
        {
            var values = span.TagObjects
                .Concat(span.Events.SelectMany(happened => happened.Tags))
                .Select(tag => $"{tag.Key}={Convert.ToString(tag.Value, CultureInfo.InvariantCulture)}")
                .Concat(span.Baggage.Select(item => $"{item.Key}={item.Value}"))
                .Append(span.DisplayName)
                .Append(span.StatusDescription ?? "");
            var all = string.Join('\n', values);
            all.ShouldNotContain(Prompt);
            all.ShouldNotContain(Spoken);
            all.ShouldNotContain("RIFF");
        }
    }
}
