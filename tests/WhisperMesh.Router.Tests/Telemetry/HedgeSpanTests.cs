using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>Two tries side by side, as the trace shows them.</summary>
public sealed class HedgeSpanTests
{
    [Fact]
    public async Task Transcribe_FirstWorkerHangs_OneTraceMarksTheLoser()
    {
        using var spans = new OwnSpans();
        await using var one = await FakeWorker.StartAsync("one");
        await using var two = await FakeWorker.StartAsync("two");
        var hedging = new HedgingSettings { Delay = TimeSpan.FromMilliseconds(50), Budget = 1 };
        var configuration = new MeshConfiguration { Routes = [new RouteSettings { Name = "hedged", Hedging = hedging }] };
        await using var router = await RouterHost.StartAsync(
            services => services.AddSingleton<IMeshConfigurationSource>(new FixedConfiguration(configuration)), one.Lease, two.Lease);
        one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.HangAsync();
        };

        var own = await spans.OfAsync(async () =>
        {
            using var response = await router.Http.PostAsync(
                "/v1/audio/transcriptions", Forms.Of(), TestContext.Current.CancellationToken).Bounded();
            await ApiTest.BodyAsync(response);
        });

        var attempts = own.Where(span => span.DisplayName == "attempt").ToList();
        attempts.Select(span => (span.GetTagItem("whispermesh.worker_id"), span.GetTagItem("whispermesh.hedge"), span.GetTagItem("whispermesh.outcome")))
            .ShouldBe([("one", "lost", "cancelled"), ("two", "won", "served")]);
        own.Where(span => span.DisplayName == "route").Select(span => span.GetTagItem("whispermesh.route.name")).ShouldBe(["hedged", "hedged"]);
        own.Select(span => span.ParentSpanId).Distinct().ShouldHaveSingleItem();
    }
}
