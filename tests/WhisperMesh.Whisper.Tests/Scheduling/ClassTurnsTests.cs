using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Scheduling;

public sealed class ClassTurnsTests
{
    private static readonly TimeSpan Aging = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Order_AllHaveWork_IsByUrgency() =>
        Order(new ClassTurns(Aging, _time), true, true, true).ShouldBe([RequestClass.Live, RequestClass.Interactive, RequestClass.Bulk]);

    [Fact]
    public void Order_ClassWithoutWork_IsLeftOut() =>
        Order(new ClassTurns(Aging, _time), false, true, true).ShouldBe([RequestClass.Interactive, RequestClass.Bulk]);

    [Fact]
    public void Order_BulkHasWaited_GoesFirstOnceThenWaitsAgain()
    {
        var turns = new ClassTurns(Aging, _time);
        Order(turns, true, false, true);

        _time.Advance(2 * Aging);
        turns.Served(RequestClass.Live);
        Order(turns, true, false, true)[0].ShouldBe(RequestClass.Bulk);

        turns.Served(RequestClass.Bulk);
        Order(turns, true, false, true)[0].ShouldBe(RequestClass.Live);
    }

    [Fact]
    public void Order_BusyForLong_NoClassStarves()
    {
        var turns = new ClassTurns(Aging, _time);
        var served = new int[3];
        for (var i = 0; i < 3_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            var first = Order(turns, true, true, true)[0];
            turns.Served(first);
            served[(int)first]++;
        }

        served[(int)RequestClass.Bulk].ShouldBeGreaterThanOrEqualTo(10);
        served[(int)RequestClass.Interactive].ShouldBeGreaterThanOrEqualTo(10);
        served[(int)RequestClass.Live].ShouldBeGreaterThan(2_900);
    }

    private static RequestClass[] Order(ClassTurns turns, params bool[] hasWork)
    {
        var order = new RequestClass[3];
        return order[..turns.Order(hasWork, order)];
    }
}
