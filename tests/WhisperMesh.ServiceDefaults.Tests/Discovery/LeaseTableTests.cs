using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Discovery;

public sealed class LeaseTableTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly WorkerLease Lease = new() { WorkerId = "a", Address = "http://127.0.0.1:1" };

    [Fact]
    public void Replace_MissingUnderSteadyConnection_Drops()
    {
        var table = new LeaseTable();
        table.Replace([Lease], Start.AddSeconds(1), Start);

        table.Replace([], Start.AddSeconds(2), Start).ShouldBeTrue();

        table.Snapshot().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(14, 1)]
    [InlineData(15, 0)]
    public void Replace_MissingAfterReconnect_DropsOnceALeaseTimeHasPassed(int secondsSinceReconnect, int expectedCount)
    {
        var table = new LeaseTable();
        table.Replace([Lease], Start, Start);
        var reconnect = Start.AddSeconds(10);

        table.Replace([], reconnect.AddSeconds(secondsSinceReconnect), reconnect);

        table.Snapshot().Count.ShouldBe(expectedCount);
    }

    [Fact]
    public void Replace_MissingWhileDisconnected_Keeps()
    {
        var table = new LeaseTable();
        table.Replace([Lease], Start, Start);

        table.Replace([], Start.AddHours(1), null).ShouldBeFalse();

        table.Snapshot().ShouldBe([Lease]);
    }

    [Fact]
    public void Set_SameLease_ChangesNothing()
    {
        var table = new LeaseTable();
        table.Set(Lease, Start).ShouldBeTrue();

        table.Set(Lease.Clone(), Start.AddSeconds(3)).ShouldBeFalse();
    }
}
