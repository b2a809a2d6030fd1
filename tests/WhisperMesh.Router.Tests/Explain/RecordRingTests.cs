using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Explain.Storing;

namespace WhisperMesh.Router.Tests.Explain;

public sealed class RecordRingTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Add_MoreThanItHolds_TheOldestGo()
    {
        var ring = Ring(new ExplainOptions { MemoryRecords = 2 });
        ring.Add(Record("one", "a"));
        ring.Add(Record("one", "b"));
        ring.Add(Record("two", "c"));

        ring.Find("one", "a").ShouldBeNull();
        ring.Find("one", "b").ShouldNotBeNull();
        ring.Find("one", "c").ShouldBeNull();
        ring.List("one").Select(record => record.Id).ShouldBe(["b"]);
        ring.List(null).Count.ShouldBe(2);
    }

    [Fact]
    public void Add_MoreBytesThanItHolds_TheOldestGo()
    {
        var ring = Ring(new ExplainOptions { MemoryBytes = 70_000 });
        for (var i = 0; i < 10; i++)
        {
            ring.Add(Record("one", $"r{i}", new string('x', 20_000)));
        }

        ring.Count.ShouldBe(3);
        ring.Find("one", "r9").ShouldNotBeNull();
        ring.Find("one", "r6").ShouldBeNull();
    }

    [Fact]
    public void Find_TwoOfOneName_GivesTheLaterAndForgetsNeitherTooSoon()
    {
        var ring = Ring(new ExplainOptions { MemoryRecords = 2 });
        ring.Add(Record("one", "a", "first"));
        ring.Add(Record("one", "a", "second"));
        ring.Add(Record("one", "b"));

        ring.Find("one", "a")!.Line.Model.ShouldBe("second");
        ring.FindOfAnyone("a")!.Line.Model.ShouldBe("second");
    }

    [Fact]
    public void Find_TooOld_IsForgotten()
    {
        var ring = Ring(new ExplainOptions { KeepFor = TimeSpan.FromHours(1) });
        ring.Add(Record("one", "a"));
        _time.Advance(TimeSpan.FromMinutes(59));
        ring.Find("one", "a").ShouldNotBeNull();
        _time.Advance(TimeSpan.FromMinutes(1));

        ring.Find("one", "a").ShouldBeNull();
        ring.Count.ShouldBe(0);
    }

    private RecordRing Ring(ExplainOptions options) => new(Options.Create(options), _time);

    private KeptRecord Record(string tenant, string id, string model = "") => KeptRecord.Of(
        new RequestRecord { Line = new RequestLine { Tenant = tenant, RequestId = id, Model = model } }, _time.GetUtcNow());
}
