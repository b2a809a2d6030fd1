using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>One mesh that has another as its upstream, and falls back to it.</summary>
public sealed class UpstreamMeshTests : IAsyncLifetime
{
    private FakeWorker? _far;
    private RouterHost? _farRouter;

    private FakeWorker Far => _far!;

    public async ValueTask InitializeAsync()
    {
        _far = await FakeWorker.StartAsync("far");
        _farRouter = await RouterHost.StartAsync(_far.Lease, _far.SynthesisLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _farRouter!.DisposeAsync();
        await Far.DisposeAsync();
    }

    [Fact]
    public async Task Transcription_EverythingAsked_ReachesTheFarWorker()
    {
        await using var near = await StartAsync(["*"]);
        var config = new TranscriptionConfig
        {
            Model = "whisper-base",
            Task = TranscriptionTask.Transcribe,
            LanguageCodes = { "de", "en" },
            Keywords = { "mesh" },
            Prompt = "Before.",
            BeamSize = 3,
            BestOf = 2,
            CarryContext = true,
            ChannelMode = ChannelMode.Separate,
            RequestClass = RequestClass.Bulk,
            Seed = 7,
            WordTimestamps = true,
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
            VoiceActivity = new() { Threshold = 0.25f, PrefixPadding = new() { Nanos = 250_000_000 } },
        };

        var events = await near.TranscribeAsync(config, UpstreamTest.Wav(2.5)).Bounded();

        var arrived = Far.Speech.Configs.ShouldHaveSingleItem().Clone();
        (arrived.RequestId, arrived.Attempt) = ("", 0);
        arrived.ShouldBe(config);
        var segments = events.Select(e => e.Segment).OfType<TranscriptSegment>().ToList();
        segments.Select(segment => (segment.Text, segment.Verdict, segment.Words.Count)).ShouldBe(
            [($"{UpstreamTest.Wav(2.5).Length} bytes", SegmentVerdict.Ok, 1), ("by far", SegmentVerdict.Ok, 1)]);
        var summary = events[^1].Summary;
        summary.Warnings.ShouldBeEmpty();
        summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2.5));
        (summary.LanguageCode, summary.Route.External, summary.Route.WorkerId).ShouldBe(("en", true, "upstream:mesh"));
    }

    [Fact]
    public async Task Translation_EverythingThatATranslationTakes_ReachesTheFarWorker()
    {
        await using var near = await StartAsync(["*"]);
        var config = new TranscriptionConfig
        {
            Model = "whisper-base",
            Task = TranscriptionTask.Translate,
            Keywords = { "mesh" },
            Seed = 7,
            VoiceActivity = new() { Threshold = 0.25f },
        };

        var events = await near.TranscribeAsync(config, UpstreamTest.Wav(1)).Bounded();

        var arrived = Far.Speech.Configs.ShouldHaveSingleItem();
        (arrived.Task, arrived.Seed, arrived.Keywords.Count, arrived.VoiceActivity).ShouldBe((TranscriptionTask.Translate, 7, 1, null));
        events[^1].Summary.Warnings.ShouldBe(["The upstream 'mesh' can't be told how to tell speech from silence."]);
    }

    [Fact]
    public async Task Speech_OfTheFarMesh_IsHeardHere()
    {
        await using var near = await StartAsync(["*"]);

        using var response = await near.Http.PostAsync(
            "/v1/audio/speech",
            new StringContent("""{"model":"piper","input":"Hello.","response_format":"pcm"}""", null, "application/json"),
            TestContext.Current.CancellationToken).Bounded();

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("first second");
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["upstream:mesh"]);
    }

    [Fact]
    public async Task Fallback_WhenTheLocalWorkerIsDead_ServesOnlyWhoMayLeaveTheMesh()
    {
        await using var local = await FakeWorker.StartAsync("local");
        await using var near = await StartAsync(["mesh"], Leases.Transcription("local", local.Address));
        await using var strict = await StartAsync([], Leases.Transcription("local", local.Address));

        using var healthy = await PostAsync(near);
        await local.StopAsync();
        local.Die();
        using var fallback = await PostAsync(near);
        using var refused = await PostAsync(strict);

        healthy.Headers.GetValues("x-whispermesh-worker").ShouldBe(["local"]);
        healthy.Headers.Contains("x-whispermesh-external").ShouldBeFalse();
        fallback.StatusCode.ShouldBe(HttpStatusCode.OK);
        fallback.Headers.GetValues("x-whispermesh-worker").ShouldBe(["upstream:mesh"]);
        fallback.Headers.GetValues("x-whispermesh-external").ShouldBe(["true"]);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        Far.Speech.Configs.ShouldHaveSingleItem();
    }

    private static Task<HttpResponseMessage> PostAsync(RouterHost router) => router.Http.PostAsync(
        "/v1/audio/transcriptions", Forms.Of(("model", "whisper-base")), TestContext.Current.CancellationToken).Bounded();

    private Task<RouterHost> StartAsync(string[] allowed, params WorkerLease[] workers)
    {
        var mesh = new UpstreamSettings
        {
            Name = "mesh",
            Address = _farRouter!.Http.BaseAddress + "v1",
            Models =
            [
                new() { Id = "whisper-1", As = "whisper-base", Features = ["transcribe", "translate", "word-timestamps"], Fields = ["*"] },
                new() { Id = "tts-1", As = "piper", Features = ["synthesize"], Voices = ["joe"] },
            ],
        };
        var configuration = new FixedConfiguration(new MeshConfiguration
        {
            Upstreams = [mesh],
            Tenants = new Dictionary<string, TenantSettings> { ["*"] = new() { Upstreams = allowed } },
        });
        return RouterHost.StartAsync(services => services.AddSingleton<IMeshConfigurationSource>(configuration), workers);
    }
}
