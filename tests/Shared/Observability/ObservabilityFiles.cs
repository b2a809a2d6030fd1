using System.Text.Json;
using System.Text.RegularExpressions;

namespace WhisperMesh.Tests.Shared.Observability;

/// <summary>The queries in the files for Grafana and Prometheus, which lie beside the tests.</summary>
internal static partial class ObservabilityFiles
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "observability");

    public static IReadOnlyList<MetricQuery> All() => [.. Dashboard(), .. Rules()];

    /// <summary>The panels' queries, and those that fill its lists of choices.</summary>
    public static IReadOnlyList<MetricQuery> Dashboard()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana-dashboard.json")));
        var panels = Panels(document.RootElement).SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target =>
            new MetricQuery($"panel {panel.GetProperty("title").GetString()}", target.GetProperty("expr").GetString()!)));
        var choices = document.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Where(variable => variable.GetProperty("type").GetString() == "query")
            .Select(variable => (Name: variable.GetProperty("name").GetString(), Query: LabelValues().Match(variable.GetProperty("query").GetString()!)))
            .Select(variable => variable.Query.Success
                ? new MetricQuery($"variable {variable.Name}", $"{variable.Query.Groups[1].Value}{{{variable.Query.Groups[2].Value}=\"\"}}")
                : throw new FormatException($"The variable {variable.Name} is not filled by label_values."));
        return [.. panels, .. choices];
    }

    public static IReadOnlyList<MetricQuery> Rules()
    {
        var queries = new List<MetricQuery>();
        var alert = "";
        foreach (var line in File.ReadLines(Path.Combine(Folder, "prometheus-rules.yaml")))
        {
            if (Alert().Match(line) is { Success: true } name)
            {
                alert = name.Groups[1].Value;
            }
            else if (line.TrimStart().StartsWith("expr:", StringComparison.Ordinal))
            {
                var expression = Expression().Match(line);
                queries.Add(expression.Success
                    ? new MetricQuery($"alert {alert}", expression.Groups[1].Value)
                    : throw new FormatException($"The expression of {alert} is not one line in single quotes."));
            }
        }

        return queries;
    }

    private static IEnumerable<JsonElement> Panels(JsonElement parent) => parent.GetProperty("panels").EnumerateArray()
        .SelectMany(panel => panel.GetProperty("type").GetString() == "row" ? Panels(panel) : [panel]);

    [GeneratedRegex(@"^label_values\(([a-zA-Z0-9_:]+), ([a-z_]+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"^\s*- alert: (\w+)$")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\s*expr: '([^']+)'$")]
    private static partial Regex Expression();
}
