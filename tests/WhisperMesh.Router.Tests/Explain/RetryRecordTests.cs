using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>What a router tells of second tries: those beside a late one, those for quality, and those to find the language.</summary>
public sealed class RetryRecordTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost? _router;

    public async ValueTask InitializeAsync() => (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));

    public async ValueTask DisposeAsync()
    {
        await (_router?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Record_QualityRetry_HasBothResultsAndWhichWasKept()
    {
        var router = await StartAsync(new RouteSettings { Name = "careful", Quality = new QualitySettings { Action = "retry" } });
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.ReadAllAsync();
            var segment = Events.Plain(0, 0, 2, "hm");
            segment.Verdict = SegmentVerdict.SuspectedLoop;
            await call.Responses.WriteAsync(new StreamTranscribeResponse { Segment = segment }, call.Context.CancellationToken);
            await call.SummaryAsync();
        };
        await router.TranscribeAsync("r1");

        var record = await router.RecordAsync("r1");

        record.Items("attempts").Select(attempt => (attempt.Text("worker_id"), attempt.Text("purpose"))).ShouldBe([("one", "work"), ("two", "quality retry")]);
        var judged = record.Items("judged");
        judged.Select(result => (result.Text("worker_id"), result.GetProperty("kept").GetBoolean())).ShouldBe([("one", false), ("two", true)]);
        judged[0].Items("doubts").ShouldHaveSingleItem().GetString().ShouldBe("suspected_loop");
        judged[0].GetProperty("doubtful_seconds").GetDouble().ShouldBe(2);
        (record.Text("route_name"), record.Text("worker_id"), record.GetProperty("doubtful_count").GetInt32()).ShouldBe(("careful", "two", 0));
    }

    [Fact]
    public async Task Record_Hedge_HasTheLateOneAndTheOneThatWon()
    {
        var hedging = new HedgingSettings { Delay = TimeSpan.FromMilliseconds(50), Budget = 1 };
        var router = await StartAsync(new RouteSettings { Name = "hedged", Hedging = hedging });
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.HangAsync();
        };
        await router.TranscribeAsync("r1");

        var record = await router.RecordAsync("r1");

        record.Items("attempts").Select(attempt => (attempt.Text("worker_id"), attempt.Text("outcome"), attempt.GetProperty("hedge").GetBoolean()))
            .ShouldBe([("one", "cancelled", false), ("two", "served", true)]);
        record.Items("choices").Select(choice => choice.Text("purpose")).ShouldBe(["work", "hedge"]);
    }

    private async Task<RouterHost> StartAsync(RouteSettings route)
    {
        var configuration = new MeshConfiguration { Routes = [route] };
        return _router = await RouterHost.StartAsync(
            services => services.AddSingleton<IMeshConfigurationSource>(new FixedConfiguration(configuration)), _one.Lease, _two.Lease);
    }
}
