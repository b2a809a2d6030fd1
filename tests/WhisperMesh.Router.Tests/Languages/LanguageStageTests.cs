using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Languages;

/// <summary>When a request that names no language is asked for it first, and what comes of the answer.</summary>
public sealed class LanguageStageTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Transcribe_NothingDependsOnTheLanguage_IsNotAskedFirst()
    {
        await using var router = await RouterHost.StartAsync(_one.Lease);

        await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded();

        _one.Speech.Detections.ShouldBeEmpty();
    }

    [Fact]
    public async Task Transcribe_LanguageNamed_IsNotAskedFirst()
    {
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        await router.TranscribeAsync(new TranscriptionConfig { LanguageCode = "de" }, new byte[100]).Bounded();

        Detections.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ja", false)]
    [InlineData("de", true)]
    public async Task Transcribe_AllowedSet_IsAskedFirstWhereADedicatedLanguageIsInIt(string other, bool asked)
    {
        HearBoth("en", 0.9f);
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        await router.TranscribeAsync(new TranscriptionConfig { LanguageCodes = { "en", other } }, new byte[100]).Bounded();

        Detections.Any().ShouldBe(asked);
    }

    [Theory]
    [InlineData("de", "two", "detected de (0.90), dedicated to de")]
    [InlineData("en", "one", "detected en (0.90), only")]
    public async Task Transcribe_LanguageHeard_GoesToTheWorkerOfThatLanguage(string language, string worker, string reason)
    {
        HearBoth(language, 0.9f);
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        for (var i = 0; i < 3; i++)
        {
            var route = (await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded())[^1].Summary.Route;

            (route.WorkerId, route.Reason).ShouldBe((worker, reason));
        }
    }

    [Fact]
    public async Task Transcribe_DedicatedWorkers_IsAskedFirstAndTheReplySaysWhatWasHeard()
    {
        HearBoth("de", 0.97f);
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        var events = await router.TranscribeAsync(new TranscriptionConfig { Prompt = "x" }, new byte[100]).Bounded();

        var asked = Detections.ShouldHaveSingleItem();
        (asked.LanguageCode, asked.Prompt).ShouldBe(("", ""));
        foreach (var route in new[] { events[0].Started.Route, events[^1].Summary.Route })
        {
            route.Languages.Select(entry => entry.LanguageCode).ShouldBe(["de", "xx"]);
            route.Reason.ShouldStartWith("detected de (0.97), ");
            route.Notes.ShouldBeEmpty();
        }

        // The worker still detects, and so can follow a change.
        _one.Speech.Configs.Concat(_two.Speech.Configs).ShouldHaveSingleItem().LanguageCode.ShouldBeEmpty();
    }

    [Fact]
    public async Task Transcribe_LanguageUnsure_GoesToGeneralWorkersAndSaysSo()
    {
        HearBoth("de", 0.49f);
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        var route = (await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded())[^1].Summary.Route;

        route.Reason.ShouldStartWith("detected de (0.49) too unsurely, ");
        route.Notes.ShouldHaveSingleItem().ShouldContain("not sure enough");
    }

    [Fact]
    public async Task Transcribe_NoSpeechHeard_GoesOnWithANote()
    {
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        var route = (await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded())[^1].Summary.Route;

        route.Languages.ShouldBeEmpty();
        route.Notes.ShouldHaveSingleItem().ShouldContain("No speech");
    }

    [Fact]
    public async Task Transcribe_DetectionFailsAtOneWorker_IsAskedOfAnother()
    {
        _one.Speech.OnDetect = _ => throw MeshException.Unavailable(ErrorReasons.Draining, "Going.", TimeSpan.FromSeconds(1));
        _two.Speech.OnDetect = _ => throw MeshException.Unavailable(ErrorReasons.Draining, "Going.", TimeSpan.FromSeconds(1));
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        var events = await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded();

        (_one.Speech.Detections.Count, _two.Speech.Detections.Count).ShouldBe((1, 1));
        events[^1].Summary.Route.Notes.ShouldHaveSingleItem().ShouldContain("could not be detected");
        events.ShouldContain(message => message.Segment != null);
    }

    [Fact]
    public async Task Transcribe_NobodySpeaksForLong_GoesOnAfterTheWait()
    {
        _one.Speech.OnDetect = HangAsync;
        _two.Speech.OnDetect = HangAsync;
        var mesh = new MeshConfiguration { Languages = new LanguageSettings { Wait = TimeSpan.FromMilliseconds(200) } };
        await using var router = await StartAsync(mesh, "de");

        var events = await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded();

        events[^1].Summary.Route.Notes.ShouldHaveSingleItem().ShouldContain("within 0.2 s");
    }

    [Fact]
    public async Task Transcribe_UploadStillGrowing_IsDecidedBeforeItsEnd()
    {
        HearBoth("de", 0.9f);
        await using var router = await StartAsync(new MeshConfiguration(), "de");
        using var call = router.Transcription.StreamTranscribe(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);

        // No audio yet: the answer to the detection is what lets the request go on.
        (await call.ResponseStream.MoveNext(Token).Bounded()).ShouldBeTrue();

        call.ResponseStream.Current.Started.Route.Languages[0].LanguageCode.ShouldBe("de");
        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.ReadAllAsync(Token).LastAsync(Token)).Summary.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transcribe_RouteMatchedOnLanguages_IsAskedFirstWhereItMayApply(bool ofTheCaller)
    {
        HearBoth("de", 0.9f);
        var match = new RouteMatchSettings { Languages = ["de"], Tenants = [ofTheCaller ? "local" : "somebody"] };
        var mesh = new MeshConfiguration { Routes = [new RouteSettings { Name = "german", Match = match }] };
        await using var router = await RouterHost.StartAsync(
            services => services.AddSingleton<IMeshConfigurationSource>(new FixedConfiguration(mesh)), _one.Lease);

        await router.TranscribeAsync(new TranscriptionConfig(), new byte[100]).Bounded();

        Detections.Any().ShouldBe(ofTheCaller);
    }

    [Fact]
    public async Task Transcribe_OneAllowedLanguage_NeedsNoDetection()
    {
        await using var router = await StartAsync(new MeshConfiguration(), "de");

        await router.TranscribeAsync(new TranscriptionConfig { LanguageCodes = { "de" } }, new byte[100]).Bounded();

        Detections.ShouldBeEmpty();
    }

    private IEnumerable<TranscriptionConfig> Detections => _one.Speech.Detections.Concat(_two.Speech.Detections);

    private void HearBoth(string language, float probability)
    {
        _one.Speech.Hears(language, probability);
        _two.Speech.Hears(language, probability);
    }

    private Task<RouterHost> StartAsync(MeshConfiguration mesh, string dedicated)
    {
        var lease = _two.Lease;
        lease.Capabilities.DedicatedLanguageCodes.Add(dedicated);
        return RouterHost.StartAsync(
            services => services.AddSingleton<IMeshConfigurationSource>(new FixedConfiguration(mesh)), _one.Lease, lease);
    }

    private static async Task<DetectLanguageResponse> HangAsync(FakeCall call)
    {
        await call.HangAsync();
        return new DetectLanguageResponse();
    }
}
