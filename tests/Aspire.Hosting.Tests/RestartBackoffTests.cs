using Aspire.Hosting.Orchestration;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace Aspire.Hosting.Tests;

public sealed class RestartBackoffTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void OnExited_CrashAfterCrash_DoublesUpToTheLongest()
    {
        var backoff = new RestartBackoff(_time);
        backoff.OnHealthy();

        var delays = Enumerable.Range(0, 8).Select(_ => backoff.OnExited()!.Value.TotalSeconds);

        delays.ShouldBe([1, 2, 4, 8, 16, 30, 30, 30]);
    }

    [Fact]
    public void OnExited_AfterAGoodRun_BeginsAnew()
    {
        var backoff = new RestartBackoff(_time);
        backoff.OnHealthy();
        backoff.OnExited();
        backoff.OnExited();
        backoff.OnHealthy();
        _time.Advance(RestartBackoff.GoodRun);

        backoff.OnExited().ShouldBe(RestartBackoff.FirstDelay);
    }

    [Fact]
    public void OnExited_ShortRun_GoesOnDoubling()
    {
        var backoff = new RestartBackoff(_time);
        backoff.OnHealthy();
        backoff.OnExited();
        backoff.OnHealthy();
        _time.Advance(RestartBackoff.GoodRun - TimeSpan.FromSeconds(1));

        backoff.OnExited().ShouldBe(RestartBackoff.FirstDelay * 2);
    }

    [Fact]
    public void OnExited_NeverHealthy_IsGivenUp()
    {
        var backoff = new RestartBackoff(_time);

        var delays = Enumerable.Range(0, RestartBackoff.StartsBeforeGivingUp).Select(_ => backoff.OnExited()).ToArray();

        delays[..^1].ShouldAllBe(delay => delay != null);
        delays[^1].ShouldBeNull();
    }

    [Fact]
    public void OnExited_AnyHistoryOfOnceHealthy_StaysWithinTheBounds() => Prop.ForAll<bool[]>(healthyRuns =>
    {
        var backoff = new RestartBackoff(_time);
        backoff.OnHealthy();
        foreach (var healthy in healthyRuns)
        {
            if (healthy)
            {
                backoff.OnHealthy();
                _time.Advance(RestartBackoff.GoodRun / 2);
            }

            backoff.OnExited()!.Value.ShouldBeInRange(RestartBackoff.FirstDelay, RestartBackoff.LongestDelay);
        }
    }).QuickCheckThrowOnFailure();
}
