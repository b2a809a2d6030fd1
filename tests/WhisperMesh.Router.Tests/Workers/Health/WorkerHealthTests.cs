using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Workers.Health;

namespace WhisperMesh.Router.Tests.Workers.Health;

public sealed class WorkerHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkerHealth _health;

    public WorkerHealthTests() => _health = New();

    [Fact]
    public void On_FailuresInARow_EjectsForTheBaseTime()
    {
        Fail(5);

        _health.IsEjected.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(29.9));
        _health.IsAvailable.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _health.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void On_AShareOfFailures_EjectsThoughNoneFollowEachOther()
    {
        for (var i = 0; i < 10 && !_health.IsEjected; i++)
        {
            Serve();
            Serve();
            Fail(1);
        }

        _health.IsEjected.ShouldBeTrue();
    }

    [Fact]
    public void On_OldFailures_AreForgotten()
    {
        for (var i = 0; i < 4; i++)
        {
            Fail(1);
            _time.Advance(TimeSpan.FromSeconds(61));
            Serve();
        }

        for (var i = 0; i < 20; i++)
        {
            Serve();
        }

        Fail(1);
        _health.IsEjected.ShouldBeFalse();
    }

    [Fact]
    public void On_EachEjection_LastsLongerUpToTheMost()
    {
        var lengths = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            Fail(5);
            var seconds = 0;
            while (!_health.IsAvailable)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                seconds++;
            }

            lengths.Add(seconds);
        }

        lengths.Take(3).ShouldBe([30, 60, 90]);
        lengths[^1].ShouldBe(300);
    }

    [Fact]
    public void On_NotAllowedToEject_OnlyPauses()
    {
        for (var i = 0; i < 6; i++)
        {
            _health.On(new WorkerOutcome(WorkerOutcomeKind.Died), mayEject: false);
        }

        _health.IsEjected.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(5));
        _health.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void BeginTry_AfterThePause_LetsOneThroughUntilItIsServed()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromSeconds(30));

        _health.BeginTry().ShouldBeTrue();
        _health.IsAvailable.ShouldBeFalse();
        _health.BeginTry().ShouldBeFalse();
        Serve();
        _health.EndProbe();

        _health.IsAvailable.ShouldBeTrue();
        _health.IsEjected.ShouldBeFalse();
        _health.BeginTry().ShouldBeFalse();
    }

    [Fact]
    public void On_FailureOfTheOneLetThrough_EjectsAgain()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromSeconds(30));
        _health.BeginTry();

        Fail(1);
        _health.EndProbe();

        _time.Advance(TimeSpan.FromSeconds(59));
        _health.IsAvailable.ShouldBeFalse();
    }

    [Fact]
    public void On_Failed_CountsButDoesNotPause()
    {
        _health.On(new WorkerOutcome(WorkerOutcomeKind.Failed));
        _health.IsAvailable.ShouldBeTrue();

        for (var i = 0; i < 4; i++)
        {
            _health.On(new WorkerOutcome(WorkerOutcomeKind.Failed));
        }

        _health.IsEjected.ShouldBeTrue();
    }

    [Fact]
    public void On_BusyWithAWait_IsLeftAloneThatLong()
    {
        _health.On(new WorkerOutcome(WorkerOutcomeKind.Busy, RetryAfter: TimeSpan.FromSeconds(2)));

        _health.IsAvailable.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        _health.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Share_NewWorker_GrowsOverTenSeconds()
    {
        var fresh = New(isNew: true);

        fresh.Share.ShouldBe(0.1);
        _time.Advance(TimeSpan.FromSeconds(5));
        fresh.Share.ShouldBe(0.5);
        _time.Advance(TimeSpan.FromSeconds(5));
        fresh.Share.ShouldBe(1);
        New().Share.ShouldBe(1);
    }

    [Fact]
    public void Share_SlowerThanAnother_FallsWithoutEjection()
    {
        _health.On(new WorkerOutcome(WorkerOutcomeKind.Served, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10)));
        _health.FastestLatency = 0.1;

        _health.NormalizedLatency!.Value.ShouldBe(0.4, 1e-9);
        _health.Share.ShouldBe(0.25, 1e-9);
        _health.IsAvailable.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(2));
        _health.NormalizedLatency.ShouldBeNull();
        _health.Share.ShouldBe(1);
    }

    [Fact]
    public void IsProbeDue_QuietOrBackFromAPause_IsDue()
    {
        _health.IsProbeDue.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(5));
        _health.IsProbeDue.ShouldBeTrue();

        _health.OnProbe(serving: false);

        _health.IsProbeDue.ShouldBeFalse();
        _health.IsAvailable.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(5));
        _health.IsProbeDue.ShouldBeTrue();
    }

    private WorkerHealth New(bool isNew = false) => new(new RouterOptions(), _time, isNew);

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _health.On(new WorkerOutcome(WorkerOutcomeKind.Died));
        }
    }

    private void Serve() => _health.On(new WorkerOutcome(WorkerOutcomeKind.Served));
}
