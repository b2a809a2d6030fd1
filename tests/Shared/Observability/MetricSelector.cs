namespace WhisperMesh.Tests.Shared.Observability;

/// <summary>A metric that a query names, and the labels that it asks for.</summary>
internal sealed record MetricSelector(string Name, IReadOnlyList<string> Labels);

/// <summary>An expression of the dashboard or of an alert rule.</summary>
/// <param name="Source">The panel or rule that it is of.</param>
/// <param name="Expression">The expression, in PromQL.</param>
internal sealed record MetricQuery(string Source, string Expression)
{
    public IReadOnlyList<MetricSelector> Selectors => PromQl.SelectorsOf(Expression);

    /// <summary>Labels that its sums and joins go by.</summary>
    public IReadOnlyList<string> Groups => PromQl.GroupsOf(Expression);
}
