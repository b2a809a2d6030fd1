using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Discovery;

public sealed class LeaseTableTests
{
    private static readonly TimeSpan Start = TimeSpan.FromDays(1);
    private static readonly WorkerLease Lease = new() { WorkerId = "a", Address = "http://127.0.0.1:1" };

    [Theory]
    [InlineData(14, 1)]
    [InlineData(15, 0)]
    public void Replace_MissingUnderSteadyConnection_StaysForTheRestOfItsLease(int secondsSinceRenewal, int expectedCount)
    {
        var table = new LeaseTable();
        table.Replace([new(Lease, 1)], Start, Start);

        table.Replace([], Start + TimeSpan.FromSeconds(secondsSinceRenewal), Start).ShouldBe(expectedCount == 0);

        table.Snapshot().Count.ShouldBe(expectedCount);
    }

    [Theory]
    [InlineData(14, 1)]
    [InlineData(15, 0)]
    public void Replace_MissingAfterReconnect_DropsOnceALeaseTimeHasPassed(int secondsSinceReconnect, int expectedCount)
    {
        var table = new LeaseTable();
        table.Replace([new(Lease, 1)], Start, Start);
        var reconnect = Start + TimeSpan.FromSeconds(10);

        table.Replace([], reconnect + TimeSpan.FromSeconds(secondsSinceReconnect), reconnect);

        table.Snapshot().Count.ShouldBe(expectedCount);
    }

    [Fact]
    public void Replace_MissingWhileDisconnected_Keeps()
    {
        var table = new LeaseTable();
        table.Replace([new(Lease, 1)], Start, Start);

        table.Replace([], Start + TimeSpan.FromHours(1), null).ShouldBeFalse();

        table.Snapshot().ShouldBe([Lease]);
    }

    [Fact]
    public void Replace_SameLeasePutBackAgainAndAgain_DoesNotProlongIt()
    {
        var table = new LeaseTable();
        table.Replace([new(Lease, 7)], Start, Start);
        table.Replace([new(Lease, 7)], Start + TimeSpan.FromSeconds(14), Start);

        table.Replace([], Start + TimeSpan.FromSeconds(15), Start).ShouldBeTrue();
    }

    [Fact]
    public void Set_SameContent_ChangesNothing()
    {
        var table = new LeaseTable();
        table.Set(new(Lease, 1), Start).ShouldBeTrue();

        table.Set(new(Lease.Clone(), 2), Start + TimeSpan.FromSeconds(3)).ShouldBeFalse();
    }

    [Fact]
    public void Set_LowerCounterThanKnown_IsNotTaken()
    {
        var table = new LeaseTable();
        table.Set(new(Lease, 8), Start);
        var older = new WorkerLease(Lease) { Address = "http://127.0.0.1:2" };

        table.Set(new(older, 7), Start).ShouldBeFalse();

        table.Snapshot().ShouldBe([Lease]);
    }
}
