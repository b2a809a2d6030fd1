namespace Aspire.Dashboard.Telemetry;

/// <summary>A span at its place in the tree.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">0 for a root.</param>
/// <param name="ParentIsMissing">True when it names a parent that has not been received.</param>
internal readonly record struct SpanNode(SpanRecord Span, int Depth, bool ParentIsMissing);

/// <summary>Puts spans in the order of a waterfall: each parent before its children, siblings by start.</summary>
internal static class SpanTree
{
    public static IReadOnlyList<SpanNode> Order(IReadOnlyCollection<SpanRecord> spans)
    {
        var byStart = spans.OrderBy(s => s.StartNanos).ThenByDescending(s => s.EndNanos).ToArray();
        var known = byStart.Select(s => s.SpanId).ToHashSet();
        var children = byStart.Where(s => known.Contains(s.ParentSpanId)).ToLookup(s => s.ParentSpanId);
        var result = new List<SpanNode>(byStart.Length);
        var placed = new HashSet<string>(byStart.Length);
        foreach (var root in byStart.Where(s => !known.Contains(s.ParentSpanId)))
        {
            Place(root, children, placed, result);
        }

        // What is left hangs on a cycle of parents, which only a faulty sender makes; it must be seen all the same.
        foreach (var span in byStart)
        {
            Place(span, children, placed, result);
        }

        return result;
    }

    // A stack of our own: a chain of thousands of spans must not exhaust the thread's.
    private static void Place(SpanRecord root, ILookup<string, SpanRecord> children, HashSet<string> placed, List<SpanNode> result)
    {
        var pending = new Stack<(SpanRecord Span, int Depth)>([(root, 0)]);
        while (pending.TryPop(out var next))
        {
            if (!placed.Add(next.Span.SpanId))
            {
                continue;
            }

            result.Add(new SpanNode(next.Span, next.Depth, next.Depth == 0 && next.Span.ParentSpanId.Length > 0));
            foreach (var child in children[next.Span.SpanId].Reverse())
            {
                pending.Push((child, next.Depth + 1));
            }
        }
    }
}
