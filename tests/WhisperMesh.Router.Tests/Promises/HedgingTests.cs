using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Promises;

/// <summary>F19: a second worker is asked when the first is late, within a budget, and nothing is said twice.</summary>
public sealed class HedgingTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost? _router;
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync() => (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));

    public async ValueTask DisposeAsync()
    {
        await (_router?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    /// <summary>The faster one's result is sent, and the slower one is cancelled at once.</summary>
    [Fact]
    public async Task FirstWorkerHangs_SecondServesAndTheFirstIsCancelled()
    {
        await StartAsync(budget: 1);
        _one.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            await call.HangAsync();
        };

        var entry = await _ledger.SendAsync().Bounded();

        entry.Status.ShouldBe(StatusCode.OK);
        entry.WorkerId.ShouldBe("two");
        entry.Events.Count(message => message.Started is not null).ShouldBe(1);
        await _one.Speech.Cancelled.Task.Bounded();
        await _ledger.CheckAsync(mostAttempts: 2);
    }

    /// <summary>A first one that fails while the second runs costs nothing.</summary>
    [Fact]
    public async Task FirstWorkerDiesWhileTheSecondRuns_SecondServes()
    {
        await StartAsync(budget: 1);
        _one.Speech.OnTranscribe = async call =>
        {
            await Bounds.UntilAsync(() => !_two.Speech.Configs.IsEmpty);
            await _one.DieAfterFlushAsync(call.Context);
        };

        var entry = await _ledger.SendAsync().Bounded();

        (entry.Status, entry.WorkerId).ShouldBe((StatusCode.OK, "two"));
    }

    /// <summary>With one request in ten allowed a second try, at most so many are made beyond the first.</summary>
    [Fact]
    public async Task EveryRequestIsLate_SecondTriesKeepWithinTheBudget()
    {
        await StartAsync(budget: 0.1, delay: TimeSpan.FromMilliseconds(1));
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = async call =>
        {
            await Task.Delay(20, call.Context.CancellationToken);
            await call.SummaryAsync();
        };

        for (var i = 0; i < 50; i++)
        {
            await _ledger.SendAsync().Bounded();
        }

        _ledger.Served.ShouldBe(50);
        _ledger.Attempts.ShouldBeInRange(52, 57);
    }

    private async Task StartAsync(double budget, TimeSpan? delay = null)
    {
        var hedging = new HedgingSettings { Delay = delay ?? TimeSpan.FromMilliseconds(50), Budget = budget };
        var configuration = new MeshConfiguration { Routes = [new RouteSettings { Name = "hedged", Hedging = hedging }] };
        _router = await RouterHost.StartAsync(
            services => services.AddSingleton<IMeshConfigurationSource>(new FixedConfiguration(configuration)), _one.Lease, _two.Lease);
        _ledger = new Ledger(_router, _one, _two);
    }
}
