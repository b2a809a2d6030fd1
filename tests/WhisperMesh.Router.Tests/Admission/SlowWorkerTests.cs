using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Tests.Admission;

/// <summary>F16 in real time: a worker that answers ten times slower for a while gets less, and then as much as before.</summary>
public sealed class SlowWorkerTests
{
    private const int Places = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_WorkerTenTimesSlowerForAWhile_LimitHalvesWithinTenSecondsAndRecoversWithinSixty()
    {
        await using var worker = await FakeWorker.StartAsync("a");
        var serviceTime = TimeSpan.FromMilliseconds(100);
        worker.Speech.OnTranscribe = async call =>
        {
            await call.ReadAllAsync();
            await Task.Delay(serviceTime, call.Context.CancellationToken);
            await call.StartedAsync();
            await call.SummaryAsync(seconds: 1);
        };
        WorkerPool? pool = null;
        await using var router = await RouterHost.StartAsync(
            services => services.AddHostedService(provider => new Watch(() => pool = provider.GetRequiredService<WorkerPool>())),
            Leases.Transcription("a", worker.Address, limit: Places));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var callers = Enumerable.Range(0, Places / 2).Select(_ => CallAsync(router, end.Token)).ToList();
        await Bounds.UntilAsync(() => worker.Speech.Configs.Count > 40);

        serviceTime *= 10;
        var slowFor = await UntilAsync(() => Limit() <= Places / 2, TimeSpan.FromSeconds(10));
        serviceTime /= 10;
        var backAfter = await UntilAsync(() => Limit() == Places, TimeSpan.FromSeconds(60));

        await end.CancelAsync();
        await Task.WhenAll(callers).Bounded();
        TestContext.Current.TestOutputHelper?.WriteLine($"halved after {slowFor}, back after {backAfter}");

        int Limit() => pool!.Limits().Single().Limit;
    }

    // The promise is a time, so the clock is what is tested.
    private static async Task<TimeSpan> UntilAsync(Func<bool> condition, TimeSpan most)
    {
        var begin = Stopwatch.GetTimestamp();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Token);
        late.CancelAfter(most);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(late.Token);
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    private static async Task CallAsync(RouterHost router, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var form = Forms.Of(("model", "whisper-1"));
                using var reply = await router.Http.PostAsync("v1/audio/transcriptions", form, end);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class Watch(Action started) : Microsoft.Extensions.Hosting.IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            started();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
