namespace WhisperMesh.Tests.Shared.Prometheus;

/// <summary>
/// A strict reader of what Prometheus scrapes: the text format 0.0.4, and OpenMetrics 1.0.0. It takes nothing that a scraper may
/// refuse, and checks what each type of metric promises.
/// </summary>
internal sealed class PrometheusText
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped", "unknown", "info"];

    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _identities = new(StringComparer.Ordinal);
    private readonly bool _openMetrics;
    private MetricFamily? _current;

    private PrometheusText(bool openMetrics) => _openMetrics = openMetrics;

    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="FormatException">A line breaks a rule; the message holds it.</exception>
    public static IReadOnlyDictionary<string, MetricFamily> Parse(string text, bool openMetrics = false)
    {
        var reader = new PrometheusText(openMetrics);
        if (!text.EndsWith('\n') || text.Contains('\r', StringComparison.Ordinal))
        {
            throw new FormatException("Lines end with a line feed, the last one too.");
        }

        var lines = text[..^1].Split('\n');
        if (openMetrics && lines[^1] != "# EOF")
        {
            throw new FormatException("OpenMetrics ends with # EOF.");
        }

        foreach (var line in openMetrics ? lines[..^1] : lines)
        {
            reader.ReadLine(line);
        }

        foreach (var family in reader._families.Values)
        {
            FamilyRules.Check(family, openMetrics);
        }

        return reader._families;
    }

    private void ReadLine(string line)
    {
        var scanner = new LineScanner(line);
        if (scanner.Accepts("# TYPE "))
        {
            ReadType(scanner);
        }
        else if (scanner.Accepts("# HELP "))
        {
            Described(scanner).Help = scanner.Rest();
        }
        else if (scanner.Accepts("# UNIT ") && _openMetrics)
        {
            Described(scanner).Unit = scanner.Rest();
        }
        else if (line.StartsWith('#') || line.Length == 0)
        {
            throw scanner.Error("neither a sample nor what is said of one");
        }
        else
        {
            ReadSample(scanner);
        }
    }

    private void ReadType(LineScanner scanner)
    {
        var name = scanner.MetricName();
        scanner.Expect(" ");
        var type = scanner.Rest();
        if (!Types.Contains(type))
        {
            throw scanner.Error($"{type} is no type");
        }

        _current = new MetricFamily(name, type);
        if (!_families.TryAdd(name, _current))
        {
            throw scanner.Error($"{name} has a type already");
        }
    }

    // The exporter writes the type first; so nothing may be told of another name here.
    private MetricFamily Described(LineScanner scanner)
    {
        var name = scanner.MetricName();
        scanner.Accepts(" ");
        return _current is { Samples.Count: 0 } && _current.Name == name ? _current : throw scanner.Error($"{name} is not told of here");
    }

    private void ReadSample(LineScanner scanner)
    {
        var name = scanner.MetricName();
        var labels = scanner.Labels();
        scanner.Expect(" ");
        var value = scanner.Number();
        if (!scanner.IsAtEnd && !scanner.Accepts(" # "))
        {
            scanner.Expect(" ");
            scanner.Number();
        }

        var exemplar = !scanner.IsAtEnd ? ReadExemplar(scanner) : null;
        if (!scanner.IsAtEnd)
        {
            throw scanner.Error("the line goes on");
        }

        var sample = new MetricSample(name, labels, value, exemplar);
        if (_current is null || !FamilyRules.Has(_current, name, _openMetrics))
        {
            throw scanner.Error($"{name} does not belong to {_current?.Name}");
        }

        if (!_identities.Add(sample.Identity))
        {
            throw scanner.Error("the series stands there twice");
        }

        _current.Samples.Add(sample);
    }

    private MetricExemplar ReadExemplar(LineScanner scanner)
    {
        if (!_openMetrics)
        {
            throw scanner.Error("only OpenMetrics has exemplars");
        }

        var labels = scanner.Labels();
        scanner.Expect(" ");
        var value = scanner.Number();
        if (scanner.Accepts(" "))
        {
            scanner.Number();
        }

        return labels.Sum(label => label.Key.Length + label.Value.Length) <= 128
            ? new MetricExemplar(labels, value)
            : throw scanner.Error("an exemplar's labels have at most 128 characters");
    }
}
