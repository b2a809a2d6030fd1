namespace WhisperMesh.Benchmarks.Results;

/// <summary>What a scenario found.</summary>
internal sealed class ScenarioResult(string name)
{
    private readonly List<ResultTable> _tables = [];
    private readonly Dictionary<string, IReadOnlyList<double>> _series = [];
    private readonly List<string> _notes = [];

    public string Name { get; } = name;

    public IReadOnlyList<ResultTable> Tables => _tables;

    /// <summary>What was measured round by round, by name and unit: the medians can be checked against it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Series => _series;

    public IReadOnlyList<string> Notes => _notes;

    public ResultTable Table(string title, params string[] columns) => Add(new ResultTable(title, columns));

    public ResultTable Add(ResultTable table)
    {
        _tables.Add(table);
        return table;
    }

    public void Measured(string name, IEnumerable<double> values) => _series[name] = [.. values];

    public void Note(string text) => _notes.Add(text);
}
