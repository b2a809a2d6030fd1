using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Workers.Load;

namespace WhisperMesh.Router.Tests.Workers.Load;

public sealed class ConcurrencyLimitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrencyLimit _limit;

    public ConcurrencyLimitTests() => _limit = new ConcurrencyLimit(_time);

    [Fact]
    public void Current_NothingKnown_IsWhatTheWorkerSays() => _limit.Current(16, []).ShouldBe(16);

    [Fact]
    public void Current_RequestIsOverdue_FallsBeforeItHasEnded()
    {
        Serve(1, TimeSpan.FromSeconds(1));
        var slow = Begin(1);
        _time.Advance(TimeSpan.FromSeconds(3));

        _limit.Current(10, [slow]).ShouldBe(7);
        _time.Advance(TimeSpan.FromSeconds(1));
        _limit.Current(10, [slow]).ShouldBe(4);
        _time.Advance(TimeSpan.FromSeconds(1));
        _limit.Current(10, []).ShouldBe(5);
    }

    [Fact]
    public void Current_ManySteps_StaysFromOneToTheMost()
    {
        Serve(1, TimeSpan.FromSeconds(1));
        var slow = Begin(1);
        for (var i = 0; i < 60; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _limit.Current(16, [slow]);
        }

        _limit.Current(16, [slow]).ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(15));
        _limit.Current(16, []).ShouldBe(16);
    }

    [Fact]
    public void Current_LongerAudioTakesLonger_IsNotSlow()
    {
        Serve(1, TimeSpan.FromSeconds(1), audioSeconds: 9);
        var longer = Begin(1, audioSeconds: 99);
        _time.Advance(TimeSpan.FromSeconds(20));

        _limit.Current(16, [longer]).ShouldBe(16);
    }

    /// <summary>A long file fills the batch by itself, and so takes far less for each second than a short prompt.</summary>
    [Fact]
    public void Current_ShortAudioAfterLong_IsNotSlow()
    {
        Serve(1, TimeSpan.FromSeconds(4), audioSeconds: 600);
        var shorter = Begin(1, audioSeconds: 5);
        _time.Advance(TimeSpan.FromSeconds(10));

        _limit.Current(16, [shorter]).ShouldBe(16);
        _limit.Curves.Of(5).Expected(1, 5).ShouldBeNull();
    }

    /// <summary>A batch on few cores: each request is slower beside others, and the worker no worse.</summary>
    [Fact]
    public void Current_RequestsShareTheSpeed_IsNotSlow()
    {
        Serve(1, TimeSpan.FromSeconds(1));
        var shared = Begin(8);
        _time.Advance(TimeSpan.FromSeconds(8));
        _limit.Current(16, [shared]).ShouldBe(16);
        _limit.OnServed(shared);

        _limit.Curves.Of(9).Usual(8).ShouldBe(8.0 / 10);
        _limit.Curves.Of(9).Usual(1).ShouldBe(1.0 / 10);
    }

    [Fact]
    public void Current_StreamOrColdModelTakesLong_SaysNothing()
    {
        Serve(1, TimeSpan.FromSeconds(1));
        var stream = new RunningWork(new PredictedWork(9), "m", _time.GetTimestamp(), 1, cold: false);
        var cold = new RunningWork(new PredictedWork(9, complete: true), "m", _time.GetTimestamp(), 1, cold: true);
        _time.Advance(TimeSpan.FromMinutes(1));

        _limit.Current(16, [stream, cold]).ShouldBe(16);
    }

    [Fact]
    public void OnFull_WorkerRefused_Falls()
    {
        _limit.Current(10, []);
        _time.Advance(TimeSpan.FromSeconds(1));
        _limit.OnFull();

        _limit.Current(10, []).ShouldBe(7);
    }

    private RunningWork Begin(int concurrency, double audioSeconds = 9) =>
        new(new PredictedWork(audioSeconds, complete: true), "m", _time.GetTimestamp(), concurrency, cold: false);

    private void Serve(int concurrency, TimeSpan latency, double audioSeconds = 9)
    {
        var entry = Begin(concurrency, audioSeconds);
        _limit.Current(16, [entry]);
        _time.Advance(latency);
        _limit.OnServed(entry);
    }
}
