using System.Text;
using OpenTelemetry.Proto.Trace.V1;

namespace WhisperMesh.IntegrationTests.Telemetry;

/// <summary>A span as it was exported.</summary>
/// <param name="Service">Who exported it.</param>
/// <param name="Source">Which of its parts made it.</param>
/// <param name="Span">The span.</param>
internal sealed record ReceivedSpan(string Service, string Source, Span Span)
{
    internal string Id { get; } = Convert.ToHexStringLower(Span.SpanId.Span);

    internal string Parent { get; } = Convert.ToHexStringLower(Span.ParentSpanId.Span);

    /// <summary>Whether it is the mesh's own, or a server's for a call to it, rather than a client library's.</summary>
    internal bool IsOwn => Source.StartsWith("WhisperMesh.", StringComparison.Ordinal) || Source is "Microsoft.AspNetCore" or TracedMesh.Caller;

    internal string? Attribute(string name) => Span.Attributes.FirstOrDefault(attribute => attribute.Key == name)?.Value is { } value
        ? value.HasStringValue ? value.StringValue : value.ToString()
        : null;
}

/// <summary>The spans of one trace.</summary>
internal sealed class ReceivedTrace(IReadOnlyList<ReceivedSpan> spans)
{
    private readonly Dictionary<string, ReceivedSpan> _byId = spans.ToDictionary(span => span.Id);

    internal IReadOnlyList<ReceivedSpan> Spans => spans;

    /// <summary>Whether each span but one stands under another.</summary>
    internal bool IsWhole => spans.Count(span => !_byId.ContainsKey(span.Parent)) == 1;

    internal IEnumerable<ReceivedSpan> Named(string name) => spans.Where(span => span.Span.Name == name);

    /// <summary>The mesh's own spans as lines, each indented under the next own one above it; those of one parent by name, and each name once.</summary>
    internal string Tree()
    {
        var text = new StringBuilder();
        Write(text, null, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, ReceivedSpan? parent, int depth)
    {
        var children = spans.Where(span => span.IsOwn && OwnAbove(span) == parent).OrderBy(span => span.Span.Name, StringComparer.Ordinal).ToList();
        foreach (var group in children.GroupBy(span => (span.Service, span.Span.Name)))
        {
            text.Append(' ', 2 * depth).Append(group.Key.Service).Append(": ").AppendLine(group.Key.Name);
            Write(text, group.First(), depth + 1);
        }
    }

    private ReceivedSpan? OwnAbove(ReceivedSpan span)
    {
        var above = _byId.GetValueOrDefault(span.Parent);
        while (above is { IsOwn: false })
        {
            above = _byId.GetValueOrDefault(above.Parent);
        }

        return above;
    }
}
