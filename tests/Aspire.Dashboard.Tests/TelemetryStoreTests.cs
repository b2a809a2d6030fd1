using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Aspire.Dashboard.Tests;

public sealed class TelemetryStoreTests
{
    [Fact]
    public void AddLogs_BeyondCount_DropsTheOldest()
    {
        var store = Samples.Store(l => l.MaxLogCount = 3);

        store.AddLogs(Samples.Resource, [.. Enumerable.Range(1, 5).Select(i => Samples.Log($"message {i}", (ulong)i))]);

        store.GetLogs().Select(l => l.Message).ShouldBe(["message 5", "message 4", "message 3"]);
    }

    [Fact]
    public void AddSpans_BeyondTraceCount_DropsTheOldestTraceWhole()
    {
        var store = Samples.Store(l => l.MaxTraceCount = 2);

        store.AddSpans(Samples.Resource, [Samples.Span("a", "1"), Samples.Span("b", "1"), Samples.Span("a", "2"), Samples.Span("c", "1")]);

        store.GetTraces().Select(t => t.TraceId).ShouldBe(["b", "c"], ignoreOrder: true);
        store.GetTrace("a").ShouldBeNull();
    }

    [Fact]
    public void AddSpans_BeyondBytes_StaysWithinThem()
    {
        var store = Samples.Store(l => l.MaxSignalBytes = 1 << 20);
        var name = new string('n', 4096);

        for (var i = 0; i < 1_000; i++)
        {
            store.AddSpans(Samples.Resource, [Samples.Span($"trace {i}", "1", start: (ulong)i, end: 10_000, name: name)]);
        }

        var kept = store.GetTraces();
        kept.Count.ShouldBeInRange(50, 128);
        kept[0].TraceId.ShouldBe("trace 999");
    }

    [Fact]
    public void AddSpans_BeyondTheLimitOfOneTrace_CountsThemAsLeftOut()
    {
        var store = Samples.Store(l => l.MaxSpansPerTrace = 2);

        var dropped = store.AddSpans(Samples.Resource, [Samples.Span("a", "1"), Samples.Span("a", "2"), Samples.Span("a", "3")]);

        dropped.ShouldBe(1);
        store.GetTraces().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            t => t.SpanCount.ShouldBe(2),
            t => t.DroppedSpanCount.ShouldBe(1));
    }

    [Fact]
    public void AddSpans_SameSpanTwice_CountsOnce()
    {
        var store = Samples.Store();

        store.AddSpans(Samples.Resource, [Samples.Span("a", "1"), Samples.Span("a", "1")]);

        store.GetTraces().ShouldHaveSingleItem().SpanCount.ShouldBe(1);
    }

    [Fact]
    public void GetTraces_ChildArrivesBeforeRoot_NameBecomesTheRoots()
    {
        var store = Samples.Store();

        store.AddSpans(Samples.Resource, [Samples.Span("a", "2", parent: "1", start: 120, end: 150, name: "child")]);
        store.GetTraces()[0].ShouldSatisfyAllConditions(t => t.Name.ShouldBe("child"), t => t.HasRoot.ShouldBeFalse());
        store.AddSpans(Samples.Resource, [Samples.Span("a", "1", start: 130, end: 400, name: "root")]);

        store.GetTraces()[0].ShouldSatisfyAllConditions(
            t => t.Name.ShouldBe("root"),
            t => t.HasRoot.ShouldBeTrue(),
            t => t.StartNanos.ShouldBe(120ul),
            t => t.DurationNanos.ShouldBe(280ul));
    }

    [Fact]
    public void Observe_BeyondCount_DropsTheOneNotHeardForLongest()
    {
        var time = new FakeTimeProvider();
        var store = Samples.Store(l => l.MaxResourceCount = 2, time);

        store.Observe("a", "", []);
        store.Observe("b", "", []);
        time.Advance(TimeSpan.FromSeconds(5));
        store.Observe("a", "", []);
        store.Observe("c", "", []);

        var kept = store.GetResources();
        kept.Select(r => r.Resource.Service).ShouldBe(["a", "c"]);
        kept[0].LastSeen.ShouldBe(time.GetUtcNow());
    }

    [Fact]
    public void Observe_TwoInstances_ShareTheColourOfTheirService()
    {
        var store = Samples.Store();

        var colors = new[] { store.Observe("a", "1", []).Color, store.Observe("b", "1", []).Color, store.Observe("a", "2", []).Color };

        colors.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public async Task Store_WritersAndReadersAtOnce_LosesNothingAndStaysConsistent()
    {
        const int Writers = 4;
        const int Batches = 250;
        var store = Samples.Store();
        var resource = store.Observe("service", "1", []);
        using var done = new CancellationTokenSource();
        var ct = TestContext.Current.CancellationToken;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    // Batches are of two: a reader that sees an odd number has seen half a batch.
                    (store.GetLogs().Count % 2).ShouldBe(0);
                    store.GetTraces().ShouldAllBe(t => t.SpanCount == 2);
                    store.GetResources().ShouldHaveSingleItem();
                }
            },
            ct)).ToArray();
        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(
            () =>
            {
                for (var i = 0; i < Batches; i++)
                {
                    store.AddSpans(resource, [Samples.Span($"{w}/{i}", "1"), Samples.Span($"{w}/{i}", "2", "1")]);
                    store.AddLogs(resource, [Samples.Log("one"), Samples.Log("two")]);
                }
            },
            ct)).ToArray();

        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60), ct);
        await done.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60), ct);

        store.GetTraces().Count.ShouldBe(Writers * Batches);
        store.GetLogs().Select(l => l.Number).Distinct().Count().ShouldBe(Writers * Batches * 2);
        store.GetResources()[0].ShouldSatisfyAllConditions(
            r => r.SpanCount.ShouldBe(Writers * Batches * 2),
            r => r.LogCount.ShouldBe(Writers * Batches * 2));
    }

    [Fact]
    public void AddMetrics_BeyondCount_DropsTheSeriesNotUpdatedForLongest()
    {
        var store = Samples.Store(l => l.MaxMetricsCount = 2);

        store.AddMetrics(Samples.Resource, [Point("a", 1), Point("b", 1)]);
        store.AddMetrics(Samples.Resource, [Point("a", 2), Point("c", 1)]);

        store.GetMetrics().Select(m => (m.Name, m.Value)).ShouldBe([("a", 2d), ("c", 1d)]);
    }

    private static MetricPoint Point(string name, double value) =>
        new() { Resource = Samples.Resource, Meter = "meter", Name = name, Kind = "gauge", TimeNanos = 1, Value = value };
}
