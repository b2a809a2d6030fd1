using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.Tests.Shared.Observability;

/// <summary>Holds queries against what a process really serves. Each answer is one line for each thing that is asked for and not there.</summary>
internal static class QueryCheck
{
    // Prometheus adds these to what it scrapes.
    private static readonly string[] AddedLabels = ["job", "instance", "le"];

    private static readonly string[] Suffixes = ["", "_bucket", "_sum", "_count"];

    /// <summary>Metrics that nobody serves.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="families">What is served.</param>
    /// <param name="concerns">Which metrics should be served by whoever was asked.</param>
    public static IReadOnlyList<string> UnknownNames(
        IEnumerable<MetricQuery> queries, IReadOnlyDictionary<string, MetricFamily> families, Func<string, bool> concerns) =>
    [
        .. from query in queries
           from selector in query.Selectors
           where concerns(selector.Name) && Find(selector, families) is null
           select $"{query.Source}: {selector.Name}",
    ];

    /// <summary>Labels that a metric does not have; metrics that are not served are passed over.</summary>
    public static IReadOnlyList<string> UnknownLabels(IEnumerable<MetricQuery> queries, IReadOnlyDictionary<string, MetricFamily> families) =>
        [.. queries.SelectMany(query => UnknownLabels(query, families)).Distinct()];

    private static IEnumerable<string> UnknownLabels(MetricQuery query, IReadOnlyDictionary<string, MetricFamily> families)
    {
        var found = query.Selectors
            .Select(selector => (Selector: selector, Family: Find(selector, families)))
            .Where(pair => pair.Family is not null)
            .ToList();
        var asked = found.SelectMany(pair => pair.Selector.Labels.Except(pair.Family!.LabelNames), (pair, label) => (pair.Selector.Name, label));
        // What sums go by may be a label of one metric only.
        var all = found.SelectMany(pair => pair.Family!.LabelNames).ToList();
        var grouped = found.Count == query.Selectors.Count ? query.Groups.Except(all).Select(label => ("its sum", label)) : [];
        return asked.Concat(grouped)
            .Where(pair => !AddedLabels.Contains(pair.label))
            .Select(pair => $"{query.Source}: {pair.Item1} has no label {pair.label}");
    }

    private static MetricFamily? Find(MetricSelector selector, IReadOnlyDictionary<string, MetricFamily> families) => Suffixes
        .Where(suffix => selector.Name.EndsWith(suffix, StringComparison.Ordinal))
        .Select(suffix => families.GetValueOrDefault(selector.Name[..^suffix.Length]))
        .FirstOrDefault(family => family?.Samples.Any(sample => sample.Name == selector.Name) == true);
}
