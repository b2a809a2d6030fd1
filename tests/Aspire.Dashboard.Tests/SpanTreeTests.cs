using Aspire.Dashboard.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace Aspire.Dashboard.Tests;

public sealed class SpanTreeTests
{
    [Fact]
    public void Order_SiblingsOutOfOrder_AreSortedByStartBelowTheirParent()
    {
        var tree = SpanTree.Order(
        [
            Samples.Span("t", "c", parent: "a", start: 30),
            Samples.Span("t", "d", parent: "b", start: 25),
            Samples.Span("t", "b", parent: "a", start: 20),
            Samples.Span("t", "a", start: 10),
        ]);

        tree.Select(n => (n.Span.SpanId, n.Depth)).ShouldBe([("a", 0), ("b", 1), ("d", 2), ("c", 1)]);
    }

    [Fact]
    public void Order_ParentNotReceived_IsARootThatSaysSo()
    {
        var tree = SpanTree.Order([Samples.Span("t", "b", parent: "a")]);

        tree.ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Depth.ShouldBe(0), n => n.ParentIsMissing.ShouldBeTrue());
    }

    [Fact]
    public void Order_LongChain_DoesNotExhaustTheStack()
    {
        var chain = Enumerable.Range(0, 50_000).Select(i => Samples.Span("t", $"{i}", parent: i == 0 ? "" : $"{i - 1}", start: (ulong)i)).ToArray();

        SpanTree.Order(chain)[^1].Depth.ShouldBe(49_999);
    }

    /// <summary>Whatever the parents are, cycles and spans that are their own parents included.</summary>
    [Fact]
    public void Order_AnyParents_ShowsEachSpanOnce() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(-1, 12).ArrayOf().ToArbitrary(),
        parents =>
        {
            var spans = parents.Select((p, i) => Samples.Span("t", $"{i}", parent: p < 0 ? "" : $"{p}", start: (ulong)(i * 7 % 5))).ToArray();

            var shown = SpanTree.Order(spans).Select(n => n.Span.SpanId).ToArray();

            return shown.Order().SequenceEqual(spans.Select(s => s.SpanId).Order());
        }));
}
