namespace WhisperMesh.Tests.Shared.Prometheus;

/// <summary>All series of one name, with what is said of them.</summary>
internal sealed class MetricFamily(string name, string type)
{
    public string Name => name;

    /// <summary>counter, gauge, histogram, info or unknown.</summary>
    public string Type => type;

    public string? Help { get; set; }

    public string? Unit { get; set; }

    public List<MetricSample> Samples { get; } = [];

    /// <summary>Names of labels on any of its samples.</summary>
    public IEnumerable<string> LabelNames => Samples.SelectMany(sample => sample.Labels.Keys).Distinct();

    /// <summary>The value of the sample that has these labels, among others.</summary>
    public double Value(params (string Name, string Value)[] labels) => Samples
        .Single(sample => !sample.Name.EndsWith("_created", StringComparison.Ordinal)
            && labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value))
        .Value;
}

/// <summary>One line.</summary>
internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value, MetricExemplar? Exemplar)
{
    /// <summary>What no two samples may share.</summary>
    public string Identity =>
        Name + "{" + string.Join(',', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")) + "}";

    /// <summary>The series of a histogram that it belongs to: its labels but for the bound.</summary>
    public string Series => string.Join(
        ',', Labels.Where(label => label.Key != "le").OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}

/// <summary>An example of what was counted.</summary>
internal sealed record MetricExemplar(IReadOnlyDictionary<string, string> Labels, double Value);
