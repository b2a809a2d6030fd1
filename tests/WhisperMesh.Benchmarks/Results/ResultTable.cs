namespace WhisperMesh.Benchmarks.Results;

/// <summary>Figures of a scenario: shown as a table, and written with all digits.</summary>
internal sealed class ResultTable(string title, params string[] columns)
{
    private readonly List<object?[]> _rows = [];

    public string Title { get; } = title;

    /// <summary>Too long to be shown.</summary>
    public bool OnlyInFile { get; init; }

    public IReadOnlyList<string> Columns { get; } = columns;

    public IReadOnlyList<object?[]> Rows => _rows;

    /// <param name="cells">A text, number or nothing for each column.</param>
    public void Add(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
        {
            throw new ArgumentException($"The table '{Title}' has {Columns.Count} columns, not {cells.Length}.", nameof(cells));
        }
        _rows.Add(cells);
    }
}
